"""A third party is about to be dialled."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.queue import legs
from hotline.domain.queue.models import Leg, LegPurpose, Offer, Ticket
from hotline.domain.workforce import selectors


def open_leg(
    *,
    ticket: int,
    offer: UUID | None,
    purpose: LegPurpose,
    number: str = "",
    extension: str = "",
    now: datetime,
) -> Leg:
    """Written before anybody is dialled; the same again gives the same leg. Neither number
    nor extension: the citizen of the call-back. Raises NotFound."""
    with transaction.atomic():
        return legs.open_leg(
            ticket=Ticket.objects.select_for_update().get(pk=ticket),
            offer=Offer.objects.filter(pk=offer).first() if offer else None,
            purpose=purpose,
            number=number,
            operator=selectors.by_extension(extension) if extension else None,
            now=now,
        )
