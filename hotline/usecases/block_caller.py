"""An abusive caller is blocked for a time."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.calls import blocks
from hotline.domain.calls.models import Block
from hotline.domain.history.services import record
from hotline.domain.people.selectors import phone_of
from hotline.usecases.own_talk import own_talk

MOST_DAYS = 7


def block_caller(*, user: User, offer: UUID, reason: str, days: int, now: datetime) -> Block:
    """Their calls hear why and the emergency numbers; a supervisor reviews the block. Raises
    NotFound, Refusal ``reason_needed``, ``wrong_time``, ``no_number``,
    ``number_claimed``."""
    if not reason.strip():
        raise Refusal("reason_needed", gettext_noop("Say why this number is to be blocked."))
    if not 1 <= days <= MOST_DAYS:
        raise Refusal("wrong_time", gettext_noop("A number is blocked for one to seven days."))
    with transaction.atomic():
        talk = own_talk(user=user, offer=offer)
        number = talk.state.caller or phone_of(talk.contact.person)
        if number is None:
            raise Refusal("no_number", gettext_noop("The number of this caller is not known."))
        if talk.state.claimed:
            raise Refusal(
                "number_claimed",
                gettext_noop(
                    "This number was typed in a browser and may be somebody else's. End the call."
                ),
            )
        made = blocks.block(
            contact=talk.contact,
            number=number,
            reason=reason.strip()[:200],
            by=user,
            until=now + timedelta(days=days),
            now=now,
        )
        record(at=now, verb="block_caller", subject=f"block:{made.pk}", actor=user)
        return made
