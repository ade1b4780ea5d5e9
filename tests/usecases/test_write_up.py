"""What calls left to the worker is found by its rows, whoever died in between."""

from datetime import datetime, timedelta
from unittest import mock

import pytest

from hotline.dialogue.state import Outcome
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact, Recording, RecordingState
from hotline.domain.people.selectors import index_of
from hotline.domain.people.services import erase, person_for_number
from hotline.usecases.clear_spool import clear_spool
from hotline.usecases.finish_calls import finish_calls
from hotline.usecases.quick_call import QuickCalls
from hotline.usecases.resume_call import resume_call
from hotline.usecases.write_up import write_up
from tests import stories
from tests.people import CITIZEN

pytestmark = pytest.mark.django_db


OTHER = "+84907654321"


def told(now: datetime, number: str = CITIZEN) -> Contact:
    """A whole call that ended with a code."""
    talk = stories.answer_by_voice(stories.choose(stories.ring(now, number=number)))
    assert talk.turn.code
    return Contact.objects.get(pk=talk.turn.contact)


@pytest.fixture
def contact(city: City, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Contact:
    """A whole call that the switchboard took the quick way; no worker has looked yet."""
    quick = QuickCalls()
    monkeypatch.setattr(stories, "hear", quick.hear)
    monkeypatch.setattr(stories, "take_call", quick.take)
    return told(now)


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


def test_who_is_to_be_rung_back_is_no_ordinary_caller(contact: Contact, now: datetime) -> None:
    other = told(now, OTHER)
    waiting = CallBack.objects.create(
        person=person_for_number(number=OTHER, now=now),
        number_index=index_of(OTHER),
        reason="hung_up",
        created_at=now,
        due_at=now,
    )
    assert finish_calls([contact.pk, other.pk]) == [other.pk]
    assert Case.objects.count() == 1
    write_up(now=now)
    assert Case.objects.count() == 2
    waiting.refresh_from_db()
    assert waiting.closed_at == now


def test_what_fails_together_is_done_one_by_one(contact: Contact, now: datetime) -> None:
    told(now, OTHER)
    with mock.patch("hotline.domain.contacts.services.attach_all", side_effect=RuntimeError):
        write_up(now=now)
    codes = set(Contact.objects.values_list("promised_code", flat=True))
    assert set(Case.objects.values_list("code", flat=True)) == codes
    assert len(codes) == 2


@pytest.mark.parametrize(
    "moment",
    [
        "hotline.domain.cases.many.ListeningTask.objects.bulk_create",
        "hotline.domain.contacts.services.attach_all",
        "hotline.domain.contacts.recordings.mark_all_kept",
        "hotline.domain.contacts.media.Path.unlink",
    ],
)
def test_killed_at_any_moment_the_next_worker_finishes(
    contact: Contact, now: datetime, moment: str
) -> None:
    with mock.patch(moment, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        write_up(now=now)
    clear_spool()
    write_up(now=now)
    assert Case.objects.get().code == contact.promised_code
    rows = Recording.objects.all()
    assert {row.state for row in rows} == {RecordingState.KEPT}
    assert not [row for row in rows if stories.spool_file(row.name).exists()]


def test_what_is_not_sealed_yet_stays_in_the_spool(contact: Contact) -> None:
    clear_spool()
    assert all(stories.spool_file(row.name).exists() for row in Recording.objects.all())
