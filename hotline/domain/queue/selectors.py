"""Reads of the queue for those who work with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from hotline.domain.contacts.models import Contact
from hotline.domain.queue.models import Leg, LegState, Offer, OfferState, Order, Ticket
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


FORM_OPEN_FOR = timedelta(hours=12)
"""For how long the form of a call that is over waits for its operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSeen:
    """The third party of a call. ``who`` is a number or an operator's extension."""

    purpose: str
    state: str
    who: str


def call_of(operator: Operator) -> Offer | None:
    """The call that is theirs now, else the last one that they answered and whose form is
    not finished. The form of a caller whom somebody answered again is that one's."""
    live = offer_of(operator)
    if live is not None:
        return live
    return (
        Offer.objects.filter(operator=operator, talking_since__isnull=False, form="")
        .filter(ended_at__gt=_latest(operator) - FORM_OPEN_FOR)
        .exclude(ticket__offers__talking_since__gt=F("talking_since"))
        .select_related(
            "ticket", "ticket__contact", "ticket__contact__person", "ticket__call_back__person"
        )
        .order_by("-ended_at")
        .first()
    )


def _latest(operator: Operator) -> datetime:
    seen: datetime = operator.presence.seen_at
    return seen


def first_look(offer: Offer, *, now: datetime) -> bool:
    """Whether this is the first time that the call is looked at."""
    return bool(Offer.objects.filter(pk=offer.pk, looked_at=None).update(looked_at=now))


def leg_of(offer: Offer) -> LegSeen | None:
    """Who else is on the call."""
    leg = (
        Leg.objects.filter(ticket=offer.ticket_id)
        .exclude(state=LegState.ENDED)
        .select_related("operator")
        .first()
    )
    if leg is None:
        return None
    who = leg.operator.extension if leg.operator is not None else leg.number
    return LegSeen(purpose=leg.purpose, state=leg.state, who=who)


def missed_leg_of(offer: Offer) -> tuple[str, str] | None:
    """Whom the last third party was to be, and why it could not be reached; None if it was."""
    leg = Leg.objects.filter(offer=offer).select_related("operator").order_by("-started_at").first()
    if leg is None or leg.up_at is not None or leg.result in {"", "cancelled"}:
        return None
    return leg.operator.extension if leg.operator is not None else leg.number, leg.result


def last_order_of(offer: Offer) -> tuple[str, str] | None:
    """The last order and its result; an empty result while it is being done."""
    order = Order.objects.filter(offer=offer).order_by("-pk").first()
    return (order.verb, order.result) if order is not None else None
