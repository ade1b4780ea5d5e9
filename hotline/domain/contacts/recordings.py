"""Recordings: spooled in clear by the switchboard, soon sealed in the media store."""

from datetime import datetime
from uuid import UUID

from hotline.domain.contacts import media
from hotline.domain.contacts.models import Contact, Recording, RecordingState
from hotline.domain.people.sealing import sealer_of


def create(*, contact: Contact, slot: str, name: str, seconds: float, now: datetime) -> Recording:
    """The row of a recording: the same name is the same recording."""
    row, _new = Recording.objects.get_or_create(
        name=name,
        defaults={
            "contact": contact,
            "slot": slot,
            "step": contact.step,
            "seconds": seconds,
            "created_at": now,
        },
    )
    return row


def seal_spooled(recording: Recording) -> str:
    """Seals the plain file into the media store; returns its place there. Raises
    FileNotFoundError if there is no plain file, OSError for a full disk."""
    content = media.spooled(recording.name).read_bytes()
    sealer = sealer_of(recording.contact.person_id)
    return media.write(recording.pk, content, sealer=sealer)


def mark_kept(recording: UUID, place: str) -> None:
    Recording.objects.filter(pk=recording).update(state=RecordingState.KEPT, file=place)


def mark_lost(recording: UUID) -> bool:
    """The sound is gone; operators see it and ring back. False if somebody has kept it
    meanwhile."""
    rows = Recording.objects.filter(pk=recording, state=RecordingState.SPOOLED)
    return bool(rows.update(state=RecordingState.LOST))


def delete_spooled(recording: Recording) -> None:
    media.spooled(recording.name).unlink(missing_ok=True)


def sound(recording: Recording) -> bytes:
    """The wav: from the media store, or from the spool while the worker has not come by.
    Raises OSError, people.sealing.Erased."""
    if recording.state == RecordingState.KEPT:
        sealer = sealer_of(recording.contact.person_id)
        return media.read(recording.pk, recording.file, sealer=sealer)
    return media.spooled(recording.name).read_bytes()
