"""A number that has an open case hears of it first, and can add to it."""

from datetime import datetime, timedelta

import pytest

from hotline.dialogue.exchange import Digits, Expect, Keys, Left
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.models import Case, Stage
from hotline.domain.city.model import City
from hotline.usecases.accept_case import accept_case
from hotline.usecases.answer_case import answer_case
from hotline.usecases.resolve_case import resolve_case
from tests import stories
from tests.people import NEIGHBOUR, People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way")]


def test_a_known_number_hears_its_code_and_stage(city: City, now: datetime) -> None:
    case = stories.web_report(now)
    talk = stories.ring(now)
    assert talk.ask.expect is Expect.KNOWN
    assert Digits(case.code) in talk.ask.parts
    assert talk.turn.state.known_stage


def test_what_is_added_by_voice_reaches_the_old_case_and_is_to_be_heard(
    city: City, now: datetime
) -> None:
    case = stories.voice_report(now)
    case.listening.done_at = now
    case.listening.save()
    talk = stories.ring(now + timedelta(hours=1))
    talk.say(Keys("1"))
    if talk.ask.expect is Expect.CONSENT:
        talk.say(Keys("1"))
    stories.answer_by_voice(talk)
    assert talk.turn.code == case.code
    assert Case.objects.count() == 1
    case = Case.objects.get()
    assert case.listening.done_at is None
    assert case.events.filter(kind="added", public=True).count() == 1
    assert case.contacts.count() == 2


def test_a_new_need_of_a_known_number_is_a_new_case(city: City, now: datetime) -> None:
    stories.web_report(now)
    stories.answer_by_voice(stories.choose(stories.ring(now)))
    assert Case.objects.count() == 2


def test_who_rings_for_a_case_reported_under_another_number_is_known_too(
    city: City, now: datetime
) -> None:
    talk = stories.choose(stories.ring(now, number=NEIGHBOUR))
    stories.answer_by_voice(talk, {**stories.KEYED, "reporter_phone": Keys("0901234567")})
    again = stories.ring(now, number=NEIGHBOUR)
    assert again.turn.state.known_case == talk.turn.code


def test_hanging_up_there_leaves_a_call_back_for_the_known_case(city: City, now: datetime) -> None:
    case = stories.web_report(now)
    stories.ring(now).say(Left())
    assert CallBack.objects.get().case == case
    assert Case.objects.count() == 1


def test_an_answered_case_goes_back_to_its_agency_when_something_is_added(
    city: City, now: datetime, people: People
) -> None:
    case = stories.web_report(now)
    case = accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    case = answer_case(
        user=people.officer, case=case.code, seen_version=case.version, text="Đã giao.", now=now
    )
    _add_by_voice(now)
    case.refresh_from_db()
    assert case.stage == Stage.ACCEPTED


def test_a_resolved_case_is_not_offered_and_a_late_addition_brings_it_back(
    city: City, now: datetime, people: People
) -> None:
    case = stories.web_report(now)
    talk = stories.ring(now)
    case = accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    case = resolve_case(
        user=people.officer, case=case.code, seen_version=case.version, text="Xong.", now=now
    )
    assert stories.ring(now).turn.state.known_case is None
    _finish_adding(talk)
    case.refresh_from_db()
    assert case.stage == Stage.TRIAGE
    assert case.resolved_at is None


def _add_by_voice(now: datetime) -> None:
    _finish_adding(stories.ring(now))


def _finish_adding(talk: stories.Talk) -> None:
    talk.say(Keys("1"))
    if talk.ask.expect is Expect.CONSENT:
        talk.say(Keys("1"))
    stories.answer_by_voice(talk)
    assert talk.ended
