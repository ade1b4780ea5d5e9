"""A talk between caller and operator is over."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.calls import services as calls
from hotline.domain.city import selectors as cities
from hotline.domain.queue import offers, quick
from hotline.domain.queue.models import Offer, OfferState, TicketState


def talk_over(*, offer: UUID, by: str, now: datetime) -> None:
    """``by``: ``caller`` or ``operator`` hung up; ``lost``: the operator's line broke, and
    the caller waits again, at the place of before. The operator wraps up. What becomes of the
    caller's dialogue is told to ``hear``. A call-back is closed as reached. An offer that is
    over stays as it is."""
    version, city = cities.current()
    if by != "lost" and quick.talk_over(offer, by=by, version=version, now=now):
        return
    with transaction.atomic():
        found = offers.live(offer)
        if found is None:
            return
        if found.state != OfferState.TALKING:
            if by != "caller":
                offers.failed(found, result="lost", now=now)
            return
        offers.over(found, city=city, result=by, now=now)
        ticket = found.ticket
        if by != "lost":
            note_reached(found, now=now)
        if by == "lost" and ticket.state == TicketState.TALKING:
            offers.back(ticket, now=now)
        elif ticket.state == TicketState.TALKING:
            offers.end_ticket(ticket, outcome="answered", now=now)


def note_reached(offer: Offer, *, now: datetime) -> None:
    """Whom an operator rang and spoke with does not wait for our call any more."""
    if offer.ticket.call_back_id is not None:
        calls.reached(call_back=offer.ticket.call_back_id, by=offer.operator_id, now=now)
