"""An operator rings somebody who waits for a call-back, now."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.calls.selectors import call_back_for
from hotline.domain.history.services import record
from hotline.domain.queue import log, offering
from hotline.domain.queue.models import Offer
from hotline.domain.workforce import selectors
from hotline.domain.workforce.models import PresenceState

_FREE = (PresenceState.READY, PresenceState.PAUSED, PresenceState.WRAP_UP)


def call_out(*, user: User, call_back: int, now: datetime) -> Offer:
    """Their own phone rings first; once they take it, the person is dialled. Raises NotFound,
    Refusal ``on_a_call``, ``taken`` (closed, or somebody else rings them now)."""
    with transaction.atomic():
        operator = selectors.operator_of(user)
        wanted = call_back_for(user, call_back)
        if operator.presence.state not in _FREE:
            raise Refusal("on_a_call", gettext_noop("Sign on, and end the call that you have."))
        offer = offering.offer_call_back(call_back=wanted, operator=operator, key=uuid4(), now=now)
        if offer is None:
            raise Refusal("taken", gettext_noop("Somebody else is calling this person."))
        record(at=now, verb="call_out", subject=f"call_back:{wanted.pk}", actor=user)
        log.tell_desks([operator.pk])
        log.poke()
        return offer
