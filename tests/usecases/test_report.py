"""A report on the web becomes a case."""

import uuid
from datetime import datetime, timedelta

import pytest

from hotline.core.errors import NotFound
from hotline.dialogue.exchange import Ask, Expect, Typed, WentTo
from hotline.domain.calls.models import CallBack
from hotline.domain.cases import answers, codes
from hotline.domain.cases.models import Case, ListeningTask, Stage
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.domain.people.selectors import phone_of
from hotline.usecases.hear import hear
from hotline.usecases.look_at_report import look_at_report
from hotline.usecases.start_report import start_report
from tests import people, stories

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
    assert phone_of(case.reporter) == people.CITIZEN_E164
    assert [event.kind for event in case.events.order_by("pk")] == ["received", "forwarded"]
    assert not ListeningTask.objects.exists()
    assert not CallBack.objects.exists()


def test_a_form_posted_twice_is_one_case_with_the_same_code_and_pin(
    city: City, now: datetime
) -> None:
    talk = stories.fill(stories.open_form(now), send=False)
    contact, step = talk.turn.contact, talk.turn.step
    first = hear(contact=contact, step=step, event=Typed("yes"), now=now)
    second = hear(contact=contact, step=step, event=Typed("yes"), now=now)
    shown = look_at_report(contact=contact, now=now)
    assert Case.objects.count() == 1
    assert first.code
    assert first.pin
    assert (first.code, first.pin) == (second.code, second.pin) == (shown.code, shown.pin)
    case = Case.objects.get()
    assert codes.pin_fits(code=case.code, pin=first.pin, stored=case.pin)


def test_a_page_that_is_behind_shows_the_present_question_and_changes_nothing(
    city: City, now: datetime
) -> None:
    talk = stories.open_form(now)
    talk.say(Typed("yes"))
    talk.say(Typed("necessities"))
    late = hear(contact=talk.turn.contact, step=0, event=Typed("no"), now=now)
    assert late.step == talk.turn.step
    assert late.actions == talk.turn.actions
    assert late.state.answers["need"].value == "necessities"


def test_going_back_to_one_answer_keeps_all_the_others(city: City, now: datetime) -> None:
    talk = stories.fill(stories.open_form(now), send=False)
    talk.say(WentTo("household"))
    assert talk.ask.slot == "household"
    talk.say(Typed("7"))
    assert talk.ask.expect is Expect.CONFIRM
    talk.say(Typed("yes"))
    kept = answers.read(talk.case())
    assert kept["household"].answer.value == "7"
    assert kept["details"].answer.value == stories.WORDS


def test_who_does_not_consent_sends_nothing(city: City, now: datetime) -> None:
    talk = stories.open_form(now)
    talk.say(Typed("no"))
    assert talk.ask.expect is Expect.CONSENT
    assert talk.ask.problem
    assert not Case.objects.exists()


def test_consent_is_kept_with_its_text_and_time(city: City, now: datetime) -> None:
    talk = stories.open_form(now)
    later = now + timedelta(minutes=1)
    hear(contact=talk.turn.contact, step=talk.turn.step, event=Typed("yes"), now=later)
    contact = Contact.objects.get(pk=talk.turn.contact)
    assert contact.consent is True
    assert contact.consent_version == city.menu.consent_version
    assert contact.consent_at == later
    assert contact.channel == "web"


def test_the_same_number_is_the_same_person(city: City, now: datetime) -> None:
    first = stories.web_report(now)
    second = stories.web_report(now)
    spoken = stories.voice_report(now, number="+84 901 234 567")
    assert first.reporter == second.reporter == spoken.reporter


def test_a_neighbour_reports_for_somebody_else_and_both_are_known(
    city: City, now: datetime
) -> None:
    case = stories.web_report(now, for_whom=Typed("other"), subject_phone=Typed("0388 123 456"))
    assert case.subject is not None
    assert case.subject != case.reporter
    assert phone_of(case.subject) == "+84388123456"
    assert phone_of(case.reporter) == people.CITIZEN_E164


@pytest.mark.parametrize("branch", ["9", "", "2 OR 1=1", "hardship"])
def test_a_branch_that_does_not_exist_is_not_found(city: City, now: datetime, branch: str) -> None:
    with pytest.raises(NotFound):
        start_report(branch=branch, language="vi", now=now)


def test_a_report_that_does_not_exist_is_not_found(city: City, now: datetime) -> None:
    with pytest.raises(NotFound):
        look_at_report(contact=uuid.uuid4(), now=now)


def test_a_language_that_the_city_does_not_speak_becomes_its_first(
    city: City, now: datetime
) -> None:
    assert start_report(branch="2", language="xx", now=now).language == city.languages[0]
    english = start_report(branch="2", language="en", now=now)
    (ask,) = english.actions
    assert isinstance(ask, Ask)
    assert english.language == "en"


def test_a_category_that_needs_no_place_is_routed_all_the_same(city: City, now: datetime) -> None:
    case = stories.web_report(now, need=Typed("support"))
    assert case.agency is not None
    assert case.agency.code == "solaodong"


def test_a_province_alone_is_too_little_and_the_case_says_so(city: City, now: datetime) -> None:
    case = stories.web_report(now, place=Typed("ở đâu đó", "79"))
    assert case.stage == Stage.TRIAGE
    assert case.agency is None
    assert case.reason["vi"]
    assert case.events.filter(kind="triaged").exists()
