"""What ``./1022 call`` says of a call."""

import uuid
from datetime import datetime, timedelta

import pytest

from hotline.core.errors import NotFound
from hotline.dialogue.exchange import Left
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Recording
from hotline.reports.call_result import call_result, latest_call_of, standing
from hotline.usecases.hear import hear
from hotline.usecases.keep_recording import keep_recording
from tests import stories
from tests.people import CITIZEN_E164

pytestmark = pytest.mark.django_db


def test_a_whole_call(city: City, now: datetime) -> None:
    talk = stories.choose(stories.ring(now))
    assert latest_call_of(CITIZEN_E164) == talk.turn.contact
    asked = standing(talk.turn.contact)
    assert asked.ask == talk.ask
    assert not asked.ended
    stories.answer_by_voice(talk)
    assert standing(talk.turn.contact).ended
    gone = now + timedelta(seconds=75)
    hear(contact=talk.turn.contact, step=talk.turn.step, event=Left(), now=gone)
    assert not standing(talk.turn.contact).settled
    for recording in Recording.objects.all():
        keep_recording(recording=recording.pk, now=gone)
    assert standing(talk.turn.contact).settled
    result = call_result(talk.turn.contact, language="vi")
    assert result["code"] == talk.turn.code
    assert result["complete"]
    assert result["slots"]["household"] == "4"
    assert [recording["seconds"] for recording in result["recordings"]] == [4.0, 6.0]
    assert result["agency"] is None
    assert result["triage_reason"]
    assert result["callback_due"] is None
    assert result["seconds"] == 75


def test_a_call_that_was_broken_off(city: City, now: datetime) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="for_whom")
    talk.say(Left())
    result = call_result(talk.turn.contact, language="vi")
    assert not result["complete"]
    assert result["slots"] == {"need": "necessities"}
    assert result["callback_due"]


def test_a_call_without_any_answer(city: City, now: datetime) -> None:
    talk = stories.ring(now)
    talk.say(Left())
    result = call_result(talk.turn.contact, language="vi")
    assert result["code"] is None
    assert result["slots"] == {}
    assert result["callback_due"]


def test_an_unknown_call_is_not_found(city: City) -> None:
    assert latest_call_of("+84999999999") is None
    with pytest.raises(NotFound):
        call_result(uuid.uuid4(), language="vi")
