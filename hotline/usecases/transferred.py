"""The operator has brought the caller to somebody else and leaves."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.city import selectors as cities
from hotline.domain.queue import log, offers, services
from hotline.domain.queue.models import Kind, OfferState, TicketState
from hotline.usecases.talk_over import note_reached


def transferred(*, offer: UUID, now: datetime) -> bool:
    """The caller goes on with the third party (or is being connected with them); the operator
    wraps up. False: the offer is over."""
    with transaction.atomic():
        found = offers.live(offer)
        if found is None or found.state != OfferState.TALKING:
            return False
        _, city = cities.current()
        ticket = found.ticket
        offers.over(found, city=city, result="transferred", now=now)
        note_reached(found, now=now)
        if ticket.state != TicketState.OUTSIDE:
            services.move(ticket, TicketState.OUTSIDE, now=now)
            log.note(
                Kind.OUTSIDE, at=now, branch=ticket.branch, ticket=ticket.pk, detail="transferred"
            )
        return True
