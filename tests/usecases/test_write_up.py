"""What calls left to the worker is found by its rows, whoever died in between."""

from datetime import datetime, timedelta

import pytest

from hotline.dialogue.state import Outcome
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact, Recording, RecordingState
from hotline.domain.people.services import erase
from hotline.usecases.quick_call import QuickCalls
from hotline.usecases.resume_call import resume_call
from hotline.usecases.write_up import write_up
from tests import stories

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(city: City, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Contact:
    """A whole call that the switchboard took the quick way; no worker has looked yet."""
    quick = QuickCalls()
    monkeypatch.setattr(stories, "hear", quick.hear)
    monkeypatch.setattr(stories, "take_call", quick.take)
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)))
    assert talk.turn.code
    return Contact.objects.get(pk=talk.turn.contact)


def test_the_case_is_written_with_the_code_and_the_time_that_were_told(
    contact: Contact, now: datetime
) -> None:
    assert write_up(now=now + timedelta(hours=2)) == 3
    contact.refresh_from_db()
    assert contact.case is not None
    assert contact.case.code == contact.promised_code
    assert contact.case.created_at == contact.ended_at == now
    assert set(Recording.objects.values_list("state", flat=True)) == {RecordingState.KEPT}
    assert write_up(now=now + timedelta(hours=2)) == 0


def test_the_goodbye_is_the_same_before_and_after(contact: Contact, now: datetime) -> None:
    before = resume_call(contact=contact.pk, now=now)
    write_up(now=now + timedelta(minutes=1))
    after = resume_call(contact=contact.pk, now=now)
    assert before.state.outcome is Outcome.COMPLETE
    assert before == after


def test_one_that_fails_keeps_no_other_waiting(contact: Contact, now: datetime) -> None:
    first = Recording.objects.order_by("created_at").first()
    assert first is not None
    plain = stories.spool_file(first.name)
    sound = plain.read_bytes()
    plain.unlink()
    plain.mkdir()  # cannot be read: an OSError that is no missing file
    assert write_up(now=now) == 2
    plain.rmdir()
    plain.write_bytes(sound)
    assert write_up(now=now) == 1
    assert set(Recording.objects.values_list("state", flat=True)) == {RecordingState.KEPT}


def test_who_was_erased_in_between_gets_no_case(contact: Contact, now: datetime) -> None:
    erase(contact.person)
    write_up(now=now)
    assert not Case.objects.exists()
    assert write_up(now=now) == 0
