"""Recordings go from the switchboard's spool into the sealed media store, and are not lost."""

from datetime import datetime
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings

from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.exchange import Keys, Spoke
from hotline.domain.city.model import City
from hotline.domain.contacts import media
from hotline.domain.contacts.models import Recording, RecordingState
from hotline.domain.contacts.selectors import lost_recordings, recordings_of_case
from hotline.domain.history.selectors import entries_of
from hotline.usecases.accept_case import accept_case
from hotline.usecases.complete_listening import complete_listening
from hotline.usecases.keep_recording import keep_recording
from hotline.usecases.play_recording import play_recording
from tests import stories
from tests.people import People
from tests.usecases.test_listening import HEARD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way")]


@pytest.fixture
def recording(city: City, now: datetime) -> Recording:
    stories.voice_report(now)
    return Recording.objects.get(slot="place")


def stored(recording: Recording) -> Path:
    recording.refresh_from_db()
    return Path(settings.ENV.media) / recording.file


def test_a_recording_is_sealed_and_the_plain_file_goes(
    recording: Recording, people: People, now: datetime
) -> None:
    plain = stories.spool_file(recording.name).read_bytes()
    assert play_recording(user=people.operator, recording=recording.pk, now=now) == plain
    for _ in range(2):  # a job may run twice
        keep_recording(recording=recording.pk, now=now)
    assert not stories.spool_file(recording.name).exists()
    assert plain[:4] == b"RIFF"
    assert b"RIFF" not in stored(recording).read_bytes()
    assert recording.state == RecordingState.KEPT
    assert play_recording(user=people.operator, recording=recording.pk, now=now) == plain


def test_killed_between_writing_and_marking_the_next_try_finishes(
    recording: Recording, people: People, now: datetime
) -> None:
    plain = stories.spool_file(recording.name).read_bytes()
    with (
        mock.patch("hotline.domain.contacts.recordings.mark_kept", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        keep_recording(recording=recording.pk, now=now)
    keep_recording(recording=recording.pk, now=now)
    assert play_recording(user=people.operator, recording=recording.pk, now=now) == plain


def test_a_full_disk_keeps_the_plain_file_and_is_tried_again(
    recording: Recording, people: People, now: datetime
) -> None:
    full = OSError(28, "No space left on device")
    with mock.patch("os.fsync", side_effect=full), pytest.raises(OSError, match="No space"):
        keep_recording(recording=recording.pk, now=now)
    assert stories.spool_file(recording.name).exists()
    assert not list(Path(settings.ENV.media).rglob(".part-*"))
    keep_recording(recording=recording.pk, now=now)
    assert stored(recording).exists()


def test_a_file_that_is_not_there_is_shown_as_lost(
    recording: Recording, people: People, now: datetime
) -> None:
    stories.spool_file(recording.name).unlink()
    keep_recording(recording=recording.pk, now=now)
    (lost,) = lost_recordings()
    assert lost.id == recording.pk
    assert lost.case_code
    with pytest.raises(Refusal) as refused:
        play_recording(user=people.operator, recording=recording.pk, now=now)
    assert refused.value.code == "lost"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/b", "", ".", "x" * 119])
def test_a_name_that_leads_elsewhere_is_never_opened(city: City, now: datetime, name: str) -> None:
    with pytest.raises(ValueError, match="name of a recording"):
        media.spooled(name)
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="place")
    talk.say(Spoke(name, 3.0))
    for row in Recording.objects.all():
        keep_recording(recording=row.pk, now=now)
        row.refresh_from_db()
        assert row.state == RecordingState.LOST


def test_an_answer_given_again_is_heard_once(city: City, now: datetime, people: People) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="reporter_phone")
    talk.say(Keys("1"))
    talk.say(Keys("2"))  # something is wrong
    wrong = talk.ask
    assert wrong.keys is not None
    talk.say(Keys("4"))  # the place
    assert talk.ask.slot == "place"
    talk.say(stories.speak(9))
    stories.answer_by_voice(talk)
    case = talk.case()
    heard = [(seen.slot, seen.seconds) for seen in recordings_of_case(people.operator, case)]
    assert sorted(heard) == [("details", 6.0), ("place", 9.0)]
    assert Recording.objects.count() == 3


def test_officers_hear_it_once_their_agency_has_accepted(
    city: City, now: datetime, people: People
) -> None:
    case = stories.voice_report(now)
    recording = Recording.objects.get(slot="place")
    case = complete_listening(
        user=people.operator, case=case.code, seen_version=case.version, answers=HEARD, now=now
    )
    for user in (people.officer, people.other_officer, people.observer):
        with pytest.raises(NotFound):
            play_recording(user=user, recording=recording.pk, now=now)
    assert recordings_of_case(people.officer, case) == ()
    accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    assert play_recording(user=people.officer, recording=recording.pk, now=now)
    assert [e.actor for e in entries_of(f"recording:{recording.pk}")] == [people.officer]
