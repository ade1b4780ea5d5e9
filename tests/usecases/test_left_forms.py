"""A form that is never sent ends after a day: with a call-back if a number was given."""

from datetime import datetime, timedelta

import pytest

from hotline.dialogue.exchange import Typed
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.usecases.end_left_reports import LEFT_AFTER, end_left_reports
from tests import stories

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_who_gave_a_number_and_never_sent_the_form_is_called_back(
    city: City, now: datetime
) -> None:
    stories.fill(stories.open_form(now), send=False)
    assert end_left_reports(now=now + LEFT_AFTER + MINUTE) == 1
    case = Case.objects.get()
    assert not case.complete
    assert CallBack.objects.get().case == case
    assert end_left_reports(now=now + LEFT_AFTER + MINUTE) == 0


def test_a_form_that_names_no_number_leaves_its_answers_and_no_case(
    city: City, now: datetime
) -> None:
    talk = stories.open_form(now)
    talk.say(Typed("yes"))
    talk.say(stories.TYPED["need"])
    end_left_reports(now=now + LEFT_AFTER + MINUTE)
    contact = Contact.objects.get()
    assert contact.outcome == "abandoned"
    assert contact.ended_at is not None
    assert not Case.objects.exists()


def test_a_form_of_today_and_a_sent_one_are_left_alone(city: City, now: datetime) -> None:
    stories.open_form(now)
    stories.fill(stories.open_form(now - 2 * LEFT_AFTER))
    assert end_left_reports(now=now + MINUTE) == 0
