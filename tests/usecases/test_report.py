"""A report on the web becomes a case."""

from datetime import datetime, timedelta

import pytest

from hotline.domain.cases import answers
from hotline.domain.cases.models import Stage
from hotline.domain.city.model import City
from tests import stories

pytestmark = pytest.mark.django_db


def test_a_report_is_complete_routed_and_promised(city: City, now: datetime) -> None:
    case = stories.web_report(now)
    assert case.complete
    assert case.stage == Stage.FORWARDED
    assert case.agency is not None
    assert case.agency.code == stories.HOME_AGENCY
    assert set(case.reason) == set(city.languages)
    assert case.forward_due == now + timedelta(minutes=5)
    assert case.news_due == now + timedelta(minutes=30)
    assert case.answer_due == now + timedelta(days=5)
    kept = answers.read(case)
    assert kept["details"].answer.value == stories.WORDS
    assert kept["place"].answer.value == stories.HOME
    assert kept["place"].answer.detail == stories.STREET
