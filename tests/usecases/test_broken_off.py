"""Nobody who dials is lost: who hangs up, refuses or asks for a person is rung back."""

from datetime import datetime, timedelta

import pytest

from hotline.dialogue.exchange import Expect, Keys, Left, Silence
from hotline.domain.calls.models import CallBack
from hotline.domain.cases import answers
from hotline.domain.cases.models import Case, Stage
from hotline.domain.city.model import City
from hotline.domain.people.selectors import phone_of
from hotline.usecases.take_call import take_call
from hotline.usecases.take_missed_call import take_missed_call
from tests import people, stories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way")]


def test_hanging_up_at_the_second_question_leaves_the_first_answer_and_a_call_back(
    city: City, now: datetime
) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="for_whom")
    talk.say(Left())
    case = Case.objects.get()
    assert not case.complete
    assert case.stage == Stage.TRIAGE
    assert case.reason["vi"]
    assert {k: v.answer.value for k, v in answers.read(case).items()} == {"need": "necessities"}
    call_back = CallBack.objects.get()
    assert call_back.case == case
    assert call_back.due_at == now + timedelta(minutes=city.callback_minutes)
    assert phone_of(call_back.person) == people.CITIZEN_E164


def test_what_was_spoken_before_hanging_up_is_to_be_heard(city: City, now: datetime) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="details")
    talk.say(Left())
    case = Case.objects.get()
    assert case.listening.done_at is None
    assert answers.read(case)["place"].answer.seconds == 4.0


@pytest.mark.parametrize("pressed", [[], ["2"], ["2", "1"]])
def test_hanging_up_before_any_answer_leaves_a_call_back_only(
    city: City, now: datetime, pressed: list[str]
) -> None:
    talk = stories.ring(now)
    for key in pressed:
        talk.say(Keys(key))
    talk.say(Left())
    assert not Case.objects.exists()
    call_back = CallBack.objects.get()
    assert call_back.case is None
    assert call_back.branch == (pressed[0] if pressed else "")


def test_the_operator_key_hands_over_to_a_call_back(city: City, now: datetime) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="household")
    talk.say(Keys(city.menu.operator_key))
    assert talk.ended
    assert CallBack.objects.get().reason == "asked"
    assert Case.objects.get().complete is False


def test_who_refuses_to_be_recorded_answers_by_keys_and_is_rung_back(
    city: City, now: datetime
) -> None:
    talk = stories.choose(stories.ring(now), consent=False)
    stories.answer_by_voice(talk)
    case = Case.objects.get()
    assert not case.complete
    assert set(answers.read(case)) == {"need", "for_whom", "household", "reporter_phone"}
    assert CallBack.objects.get().reason == "refused_recording"
    assert talk.turn.code == case.code


def test_who_never_answers_is_rung_back(city: City, now: datetime) -> None:
    talk = stories.ring(now)
    for _ in range(20):
        if talk.ended:
            break
        talk.say(Silence())
    assert talk.ended
    assert CallBack.objects.get().reason == "no_answer"


def test_who_withholds_the_number_is_asked_for_one_to_ring_back(city: City, now: datetime) -> None:
    talk = stories.choose(stories.ring(now, number=None))
    talk.say(Keys("1"))
    talk.say(Keys(city.menu.operator_key))
    assert talk.ask.expect is Expect.PHONE
    talk.say(Keys("0912345678"))
    assert talk.ended
    assert phone_of(CallBack.objects.get().person) == "+84912345678"
    assert phone_of(Case.objects.get().reporter) == "+84912345678"


def test_a_withheld_number_that_hangs_up_keeps_what_was_said(city: City, now: datetime) -> None:
    talk = stories.choose(stories.ring(now, number=None))
    talk.say(Keys("1"))
    talk.say(Left())
    assert not CallBack.objects.exists()
    assert answers.read(Case.objects.get())["need"].answer.value == "necessities"


def test_ringing_twice_keeps_one_call_back_at_the_earlier_place(city: City, now: datetime) -> None:
    stories.ring(now).say(Left())
    first = CallBack.objects.get()
    later = now + timedelta(minutes=10)
    stories.answer_by_voice(stories.choose(stories.ring(later)), until="for_whom").say(Left())
    call_back = CallBack.objects.get()
    assert call_back.pk == first.pk
    assert call_back.due_at == first.due_at
    assert call_back.times == 2
    assert call_back.case == Case.objects.get()


def test_who_rings_again_and_is_served_needs_no_call_back(city: City, now: datetime) -> None:
    stories.ring(now).say(Left())
    stories.voice_report(now + timedelta(minutes=5))
    call_back = CallBack.objects.get()
    assert call_back.closed_at == now + timedelta(minutes=5)
    assert call_back.result == "called_in"


def test_a_missed_call_becomes_one_call_back(city: City, now: datetime) -> None:
    rang = now - timedelta(minutes=3)
    for _ in range(2):
        take_missed_call(unique_id="1626999.7", number=people.CITIZEN, at=rang, now=now)
    call_back = CallBack.objects.get()
    assert call_back.times == 1
    assert call_back.reason == "missed"
    assert call_back.due_at == rang + timedelta(minutes=city.callback_minutes)


@pytest.mark.parametrize("channel", ["1626999.7", "1626999.8"])
def test_who_was_noted_while_ringing_and_written_down_after_all_is_not_missed(
    city: City, now: datetime, channel: str
) -> None:
    take_call(channel="1626999.7", node="test", number=people.CITIZEN, now=now)
    take_missed_call(unique_id=channel, number=people.CITIZEN, at=now, now=now, unknown=True)
    assert CallBack.objects.exists() == (channel != "1626999.7")


@pytest.mark.parametrize("number", [None, "", "anonymous", "113"])
def test_a_missed_call_without_a_number_is_counted(
    city: City, now: datetime, number: str | None
) -> None:
    take_missed_call(unique_id="1626999.8", number=number, at=now, now=now)
    assert not CallBack.objects.exists()


def test_a_form_that_names_the_number_does_not_cancel_its_call_back(
    city: City, now: datetime
) -> None:
    stories.answer_by_voice(stories.choose(stories.ring(now)), until="for_whom").say(Left())
    stories.web_report(now)
    assert CallBack.objects.get().closed_at is None
