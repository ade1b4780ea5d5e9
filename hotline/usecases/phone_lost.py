"""The page that held an operator's telephone is gone, and the sound of the call with it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.core.errors import NotFound
from hotline.domain.accounts.models import User
from hotline.domain.history.services import record
from hotline.domain.queue import selectors as queue
from hotline.domain.queue.models import OfferState
from hotline.domain.workforce import selectors
from hotline.domain.workforce.models import PhoneKind
from hotline.usecases.talk_over import talk_over


def phone_lost(*, user: User, offer: UUID, now: datetime) -> None:
    """The page was loaded again in a call: the caller waits again, at the place of before.
    A call that is over, or that a phone on the desk carries, stays as it is. Raises
    NotFound."""
    with transaction.atomic():
        operator = selectors.operator_of(user)
        if operator.phone != PhoneKind.BROWSER:
            raise NotFound
        own = queue.offer_of(operator)
        if own is None or own.pk != offer or own.state == OfferState.RINGING:
            return
        record(at=now, verb="phone_lost", subject=f"offer:{offer}", actor=user)
        talk_over(offer=offer, by="lost", now=now)
