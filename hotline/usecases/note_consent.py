"""The operator has asked whether the caller agrees, and notes the answer."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.accounts.models import User
from hotline.domain.history.services import record
from hotline.usecases.own_talk import own_talk, write


def note_consent(*, user: User, offer: UUID, given: bool, now: datetime) -> None:
    """Kept with the version of the text that was asked and the time. Raises NotFound."""
    with transaction.atomic():
        talk = own_talk(user=user, offer=offer)
        write(talk, replace(talk.state, consent=given), now=now)
        record(
            at=now,
            verb="note_consent",
            subject=f"contact:{talk.contact.pk}",
            actor=user,
            detail={"given": given, "version": talk.city.menu.consent_version},
        )
