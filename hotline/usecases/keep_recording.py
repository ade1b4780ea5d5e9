"""A recording goes from the switchboard's spool, in clear, into the media store, sealed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.contacts import recordings
from hotline.domain.contacts.models import Recording, RecordingState
from hotline.domain.history.services import record
from hotline.domain.people.sealing import Erased


def keep_recording(*, recording: UUID, now: datetime) -> None:
    """Sealed and written first, then marked, then the plain file goes: killed at any moment,
    the next try finishes. A file that is not there marks the recording as lost, which
    operators see. Raises OSError when the media store cannot be written: try again later."""
    row = Recording.objects.select_related("contact").filter(pk=recording).first()
    if row is None or row.state == RecordingState.LOST:
        return
    if row.state == RecordingState.SPOOLED:
        try:
            place = recordings.seal_spooled(row)
        except (FileNotFoundError, ValueError):
            _lose(recording, now=now)
            return
        except Erased:
            recordings.delete_spooled(row)
            _lose(recording, now=now)
            return
        recordings.mark_kept(recording, place)
    recordings.delete_spooled(row)


def _lose(recording: UUID, *, now: datetime) -> None:
    with transaction.atomic():
        if recordings.mark_lost(recording):
            record(at=now, verb="lose_recording", subject=f"recording:{recording}")
