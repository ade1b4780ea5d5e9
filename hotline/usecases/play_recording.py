"""Somebody listens to a recording."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.contacts import recordings, selectors
from hotline.domain.contacts.models import RecordingState
from hotline.domain.history.services import record
from hotline.domain.people.sealing import Erased

LOST = gettext_noop("This recording was lost; please ring the citizen back.")


def play_recording(*, user: User, recording: UUID, now: datetime) -> bytes:
    """The wav. Each listening stands in the history. Raises NotFound, Refusal (``lost``,
    ``erased``)."""
    row = selectors.recording_for(user, recording)
    record(
        at=now,
        verb="play_recording",
        subject=f"recording:{row.pk}",
        actor=user,
        detail={"case": row.contact.case.code if row.contact.case else None},
    )
    if row.state == RecordingState.LOST:
        raise Refusal("lost", LOST)
    try:
        return recordings.sound(row)
    except FileNotFoundError:
        # The worker may have sealed it between our two looks.
        row.refresh_from_db()
        if row.state != RecordingState.KEPT:
            raise Refusal("lost", LOST) from None
        return recordings.sound(row)
    except Erased:
        raise Refusal("erased", gettext_noop("The data of this person was erased.")) from None
