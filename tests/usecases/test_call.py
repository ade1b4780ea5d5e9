"""A call becomes a case."""

from datetime import datetime, timedelta

import pytest

from hotline.dialogue.exchange import Ask, Digits, End, Keys, Left, Say
from hotline.dialogue.state import Source
from hotline.domain.calls.models import Call, CallBack
from hotline.domain.cases import answers
from hotline.domain.cases.models import ListeningTask, Stage
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Recording
from hotline.domain.people.models import Person
from hotline.usecases.hear import hear
from hotline.usecases.live_calls import live_calls
from hotline.usecases.resume_call import resume_call
from hotline.usecases.take_call import take_call
from hotline.usecases.turn import Turn
from tests import stories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way")]


def said_digits(turn: Turn) -> list[str]:
    return [
        part.digits
        for action in turn.actions
        if isinstance(action, Say)
        for part in action.parts
        if isinstance(part, Digits)
    ]


def test_a_call_becomes_a_case_that_waits_to_be_heard(city: City, now: datetime) -> None:
    case = stories.voice_report(now)
    assert case.complete
    assert case.urgent
    assert case.stage == Stage.TRIAGE
    assert "bản ghi âm" in case.reason["vi"] or case.reason["en"].startswith("The place is in")
    assert case.listening.urgent
    kept = answers.read(case)
    assert kept["need"].answer.value == "necessities"
    assert kept["place"].answer.value is None
    assert kept["place"].answer.seconds == 4.0
    assert kept["details"].answer.seconds == 6.0
    assert kept["reporter_phone"].answer.source is Source.CALLER_ID
    assert case.pin == ""


def test_the_code_is_said_twice_and_nobody_rings_back(city: City, now: datetime) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)))
    assert talk.ended
    assert isinstance(talk.turn.actions[-1], End)
    assert said_digits(talk.turn) == [talk.turn.code, talk.turn.code]
    assert talk.turn.pin is None
    assert not CallBack.objects.exists()


def test_the_same_need_by_telephone_and_by_form_gives_the_same_answers_and_agency(
    city: City, now: datetime
) -> None:
    """Once an operator has listened, see test_listening for the whole way."""
    written = {k: v.answer.value for k, v in answers.read(stories.web_report(now)).items()}
    spoken = {k: v.answer.value for k, v in answers.read(stories.voice_report(now)).items()}
    heard = {"place", "details"}
    assert {k: v for k, v in written.items() if k not in heard} == {
        k: v for k, v in spoken.items() if k not in heard
    }
    assert spoken.keys() == written.keys()


def test_what_needs_no_place_is_forwarded_at_once_and_still_heard(
    city: City, now: datetime
) -> None:
    talk = stories.choose(stories.ring(now))
    stories.answer_by_voice(talk, {**stories.KEYED, "need": Keys("2")})
    case = talk.case()
    assert case.stage == Stage.FORWARDED
    assert ListeningTask.objects.filter(case=case, done_at=None).exists()


def test_a_category_whose_words_decide_is_heard_before_it_goes_on(
    city: City, now: datetime
) -> None:
    talk = stories.choose(stories.ring(now), "3")
    while not talk.ended:
        if talk.ask.speech is not None:
            talk.say(stories.speak(5))
        else:
            talk.say(Keys("1"))
    case = talk.case()
    assert city.category(case.category).listen_first
    assert case.stage == Stage.TRIAGE
    assert ListeningTask.objects.filter(case=case, done_at=None).exists()


def test_each_answer_is_written_when_it_is_given(city: City, now: datetime) -> None:
    talk = stories.choose(stories.ring(now))
    talk.say(Keys("1"))
    again = resume_call(contact=talk.turn.contact, now=now)
    assert again.state.answers["need"].value == "necessities"
    assert again.step == talk.turn.step


def test_a_switchboard_that_comes_back_asks_the_same_question_again(
    city: City, now: datetime
) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="household")
    (live,) = live_calls(node="test")
    assert (live.contact, live.step) == (talk.turn.contact, talk.turn.step)
    again = resume_call(contact=live.contact, now=now)
    asked = [action for action in again.actions if isinstance(action, Ask)]
    assert [ask.slot for ask in asked] == ["household"]
    assert again.step == live.step
    assert live_calls(node="elsewhere") == []


def test_an_event_that_arrives_twice_is_taken_once(city: City, now: datetime) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="place")
    step, spoken = talk.turn.step, stories.speak(4)
    hear(contact=talk.turn.contact, step=step, event=spoken, now=now)
    again = hear(contact=talk.turn.contact, step=step, event=spoken, now=now)
    assert again.step == step + 1
    assert Recording.objects.count() == 1


def test_the_same_channel_is_the_same_call(city: City, now: datetime) -> None:
    first = take_call(channel="PJSIP/1", node="test", number="0901234567", now=now)
    second = take_call(channel="PJSIP/1", node="test", number="0901234567", now=now)
    assert first.contact == second.contact
    assert Call.objects.count() == 1


def test_after_hanging_up_the_call_is_no_longer_live(city: City, now: datetime) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)))
    assert len(live_calls(node="test")) == 1
    code = talk.turn.code
    later = now + timedelta(seconds=70)
    gone = hear(contact=talk.turn.contact, step=0, event=Left(), now=later)
    assert live_calls(node="test") == []
    assert gone.code == code
    assert Call.objects.get().ended_at == later


def test_the_farewell_is_said_again_to_who_missed_it(city: City, now: datetime) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)))
    again = resume_call(contact=talk.turn.contact, now=now)
    assert said_digits(again) == said_digits(talk.turn)
    assert isinstance(again.actions[-1], End)


@pytest.mark.parametrize(
    "number", [None, "", "anonymous", "Anonymous <sip:a@b>", "'; DROP TABLE", "115", "9" * 90]
)
def test_a_number_that_is_withheld_or_nobodys_is_a_person_of_its_own(
    city: City, now: datetime, number: str | None
) -> None:
    talk = stories.ring(now, number=number)
    assert talk.turn.state.caller is None
    call = Call.objects.get()
    assert call.withheld
    assert call.carrier == ""
    assert Person.objects.get().phone_index is None


def test_a_foreign_number_is_kept_and_can_be_rung_back(city: City, now: datetime) -> None:
    talk = stories.choose(stories.ring(now, number="+4915112345678"))
    talk.say(Left())
    assert talk.turn.state.caller == "+4915112345678"
    assert CallBack.objects.count() == 1


def test_the_carrier_is_known_from_the_number(city: City, now: datetime) -> None:
    stories.ring(now, number="0901234567")
    assert Call.objects.get().carrier
