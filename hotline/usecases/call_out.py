"""An operator rings somebody, now: who waits for a call-back, or who reported a case."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.calls import services as calls
from hotline.domain.calls.models import CallBack
from hotline.domain.calls.selectors import call_back_for
from hotline.domain.cases.selectors import case_for
from hotline.domain.history.services import record
from hotline.domain.people.selectors import phone_of
from hotline.domain.queue import log, offering
from hotline.domain.queue.models import Offer
from hotline.domain.workforce import selectors
from hotline.domain.workforce.models import Operator, PresenceState

WISH = "call_out"
"""Why the call-back was made: an operator wanted to speak with the person."""
_FREE = (PresenceState.READY, PresenceState.PAUSED, PresenceState.WRAP_UP)


def call_out(*, user: User, call_back: int, now: datetime) -> Offer:
    """Their own phone rings first; once they take it, the person is dialled. Raises NotFound,
    Refusal ``on_a_call``, ``taken`` (closed, or somebody else rings them now)."""
    with transaction.atomic():
        operator = selectors.operator_of(user)
        return _ring(operator, call_back_for(user, call_back), now=now)


def call_reporter(*, user: User, case: str, now: datetime) -> Offer:
    """As ``call_out``, for whoever reported the case. If nobody is reached, it is a call-back
    like any other: nobody who was to be called is forgotten. Raises also Refusal
    ``no_number``."""
    with transaction.atomic():
        operator = selectors.operator_of(user)
        found = case_for(user, case)
        number = phone_of(found.reporter)
        if number is None:
            raise Refusal("no_number", gettext_noop("No number of this person is known."))
        wish = calls.Wish(
            person=found.reporter, number=number, reason=WISH, branch=found.branch, case=found
        )
        return _ring(operator, calls.ask_call_back(wish, due_at=now, now=now), now=now)


def _ring(operator: Operator, wanted: CallBack, *, now: datetime) -> Offer:
    if operator.presence.state not in _FREE:
        raise Refusal("on_a_call", gettext_noop("Sign on, and end the call that you have."))
    offer = offering.offer_call_back(call_back=wanted, operator=operator, key=uuid4(), now=now)
    if offer is None:
        raise Refusal("taken", gettext_noop("Somebody else is calling this person."))
    record(at=now, verb="call_out", subject=f"call_back:{wanted.pk}", actor=operator.user)
    log.tell_desks([operator.pk])
    log.poke()
    return offer
