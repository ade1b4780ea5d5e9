"""Recordings: spooled in clear by the switchboard, soon sealed in the media store."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from hotline.domain.contacts import media
from hotline.domain.contacts.models import Contact, Recording, RecordingState
from hotline.domain.people.sealing import Erased, Tampered, opened, sealer_of

_NAMES = 1000


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


def seal_all(recordings: Sequence[UUID]) -> list[UUID]:
    """As ``seal_spooled``, ``mark_kept`` and ``delete_spooled`` for each, with one statement for
    all. Returns those that could not be sealed; they stand as they stood."""
    rows = Recording.objects.filter(pk__in=recordings, state=RecordingState.SPOOLED).values_list(
        "pk", "name", "contact__person_id", "contact__person__key__wrapped"
    )
    kept, names, left = {}, [], []
    for pk, name, person, wrapped in rows:
        try:
            content = media.spooled(name).read_bytes()
            kept[pk] = media.write(pk, content, sealer=opened(person, bytes(wrapped or b"")))
            names.append(name)
        except (OSError, ValueError, Erased, Tampered):
            left.append(pk)
    mark_all_kept(kept)
    for name in names:
        media.spooled(name).unlink(missing_ok=True)
    return left


def mark_all_kept(places: Mapping[UUID, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_recording r SET state = %s, file = kept.file"
            " FROM unnest(%s::uuid[], %s::text[]) AS kept (id, file) WHERE r.id = kept.id",
            [RecordingState.KEPT, list(places), list(places.values())],
        )


def clear_spool() -> None:
    """Plain files of recordings that stand sealed in the store: whoever marked them died before
    they went."""
    names = [file.stem for file in media.spool().glob("*.wav")]
    for start in range(0, len(names), _NAMES):
        some = names[start : start + _NAMES]
        kept = Recording.objects.filter(name__in=some, state=RecordingState.KEPT)
        for name in kept.values_list("name", flat=True):
            media.spooled(name).unlink(missing_ok=True)


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
