"""An operator takes no callers for a while."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.queue import log
from hotline.domain.queue.models import Kind
from hotline.domain.workforce import selectors, services
from hotline.domain.workforce.models import PresenceState

REASONS = ("break", "meal", "training", "work")
"""What an operator may choose; the system itself pauses with ``no_answer`` and ``no_phone``."""

_FREE = (PresenceState.READY, PresenceState.PAUSED, PresenceState.WRAP_UP)


def pause(*, user: User, reason: str, now: datetime) -> None:
    """Raises NotFound, Refusal ``unknown_reason``, ``on_a_call``."""
    if reason not in REASONS:
        raise Refusal("unknown_reason", gettext_noop("Choose a reason for the pause."))
    with transaction.atomic():
        operator = selectors.operator_of(user)
        if operator.presence.state not in _FREE or not services.pause(
            operator=operator.pk, reason=reason, now=now
        ):
            raise Refusal("on_a_call", gettext_noop("This can be done once the call is over."))
        log.note(Kind.PRESENCE, at=now, operator=operator.pk, detail=reason)
        log.tell_desks([operator.pk])
        log.poke()
