"""Whatever is sent: a clear answer, nothing lost, nothing broken."""

import unicodedata
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.dialogue.exchange import (
    Event,
    Expect,
    Keys,
    Left,
    RecordingFailed,
    Silence,
    Spoke,
    Typed,
    WentTo,
)
from hotline.dialogue.state import Outcome
from hotline.domain.calls.models import CallBack
from hotline.domain.cases import answers
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from tests import stories

pytestmark = pytest.mark.django_db

ODD = [
    "<script>alert('x')</script> & <b>đậm</b>",
    "😷🍚👩‍👩‍👧 hết gạo",
    "'; DROP TABLE cases_case; --",
    "{{ 7*7 }} {% debug %} %s %(x)s",
    "dòng một\ndòng hai",
    "a" * 4000,
]


@pytest.mark.parametrize("text", ODD)
def test_odd_words_are_kept_as_they_were_written(city: City, now: datetime, text: str) -> None:
    case = stories.web_report(now, details=Typed(text))
    assert answers.read(case)["details"].answer.value == unicodedata.normalize("NFC", text)


def test_ten_thousand_characters_get_a_clear_answer_and_nothing_is_lost(
    city: City, now: datetime
) -> None:
    talk = stories.open_form(now)
    for event in (Typed("yes"), Typed("necessities"), Typed("self"), Typed("4")):
        talk.say(event)
    talk.say(Typed(stories.STREET, stories.HOME))
    talk.say(Typed("x" * 10_000))
    assert talk.ask.slot == "details"
    assert talk.ask.problem
    assert talk.turn.state.answers["place"].value == stories.HOME


def test_composed_and_decomposed_vietnamese_are_the_same(city: City, now: datetime) -> None:
    words = "Nguyễn Thị Hường, hẻm 5 đường Lê Quý Đôn"
    kept = [
        answers.read(stories.web_report(now, details=Typed(unicodedata.normalize(form, words))))
        for form in ("NFC", "NFD")
    ]
    assert kept[0]["details"].answer.value == kept[1]["details"].answer.value == words


def test_a_place_that_does_not_exist_leaves_the_case_in_triage(city: City, now: datetime) -> None:
    case = stories.web_report(now, place=Typed("số 1", "79.000.00000"))
    assert case.place is None
    assert case.agency is None
    assert case.reason["vi"]
    assert answers.read(case)["place"].answer.detail == "số 1"


def test_empty_and_failed_recordings_are_asked_again_then_handed_over(
    city: City, now: datetime
) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="place")
    talk.say(Spoke("", 0.0))
    assert talk.ask.slot == "place"
    for _ in range(10):
        if talk.ended:
            break
        talk.say(RecordingFailed())
    assert talk.ended
    case = Case.objects.get()
    assert answers.read(case)["household"].answer.value == "4"
    assert case.call_backs.count() == 1


EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Keys, st.text("0123456789*#", max_size=20)),
    st.builds(Spoke, st.just(""), st.floats(0, 200)),
    st.builds(Spoke, st.uuids().map(str), st.floats(0.1, 200)),
    st.builds(Typed, st.text(max_size=40), st.none() | st.text(max_size=12)),
    st.builds(Silence),
    st.builds(RecordingFailed),
    st.builds(WentTo, st.sampled_from(["need", "place", "details", "x"])),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(EVENTS, max_size=25), st.booleans())
def test_every_call_ends_as_a_case_or_a_call_back(
    city: City, now: datetime, events: list[Event], withheld: bool
) -> None:
    number = None if withheld else f"09{abs(hash(tuple(map(repr, events)))) % 10**8:08d}"
    talk = stories.ring(now, number=number)
    for event in events:
        talk.say(event)
    talk.say(Left())
    state = talk.turn.state
    assert state.outcome is not None
    case = Case.objects.filter(contacts=talk.turn.contact).first()
    if state.answers:
        assert case is not None
        assert set(answers.read(case)) <= set(state.answers)
    if state.outcome is not Outcome.COMPLETE and state.caller:
        assert CallBack.objects.filter(contact=talk.turn.contact).exists()


def test_the_menu_comes_back_after_a_key_that_leads_nowhere(city: City, now: datetime) -> None:
    talk = stories.ring(now)
    talk.say(Keys("9"))
    assert talk.ask.expect is Expect.MENU
    assert talk.ask.problem
