"""Reads of the queue for those who work with it."""

from datetime import datetime
from uuid import UUID

from hotline.domain.contacts.models import Contact
from hotline.domain.queue.models import Offer, OfferState, Ticket
from hotline.domain.workforce.models import Operator


def place_of(contact: Contact) -> datetime | None:
    """Since when the contact has a place in the queue; None if it never had one."""
    return Ticket.objects.filter(contact=contact).values_list("entered_at", flat=True).first()


def offer_of(operator: Operator) -> Offer | None:
    """The call that is theirs now: it rings, or they talk."""
    return (
        Offer.objects.filter(operator=operator)
        .exclude(state=OfferState.ENDED)
        .select_related("ticket", "ticket__contact", "ticket__call_back")
        .first()
    )


def last_offer_of(operator: Operator, offer: UUID) -> Offer | None:
    """One of their offers, also one that is over: its form may still be open."""
    return (
        Offer.objects.filter(operator=operator, pk=offer)
        .select_related("ticket", "ticket__contact", "ticket__call_back")
        .first()
    )
