"""What must hold after every fault run, whatever struck: each invariant a sentence when it is
broken."""

from collections.abc import Iterator
from datetime import datetime

from bench.faults_asterisk import FaultyAsterisk
from hotline.domain.calls.models import Call, CallBack, MissedCall
from hotline.domain.contacts.models import Contact
from hotline.domain.queue.models import (
    Leg,
    LegState,
    Offer,
    OfferState,
    Order,
    Ticket,
    TicketState,
)
from hotline.domain.workforce.models import Presence, PresenceState

CARED_FOR = frozenset({"complete", "served"})


def double_rings(asterisk: FaultyAsterisk) -> Iterator[str]:
    """No telephone of an operator rings for two."""
    for endpoint, phone in asterisk.phones.items():
        ringing = [one for one in phone.calls if not one.ended.is_set() and not one.up]
        if len(ringing) > 1 and "@" not in endpoint:
            yield f"an operator's telephone rings twice: {[one.id for one in ringing]}"


def afterwards(asterisk: FaultyAsterisk, rang: list[str], *, now: datetime) -> Iterator[str]:
    """Once everybody has hung up and every timer has had its time."""
    yield from _no_lost_call(asterisk, rang)
    yield from _nothing_open()
    yield from _no_stuck_operator(now)
    if left := [one.id for one in asterisk.channels.values() if not one.ended.is_set()]:
        yield f"channels are left over: {left}"
    if asterisk.exchange.members:
        yield f"bridges are left over: {sorted(asterisk.exchange.members)}"


def _no_lost_call(asterisk: FaultyAsterisk, rang: list[str]) -> Iterator[str]:
    known = set(Call.objects.filter(channel__in=rang).values_list("channel", flat=True))
    known |= set(MissedCall.objects.values_list("unique_id", flat=True))
    for channel in rang:
        if channel not in known | asterisk.handed_back | asterisk.unheard:
            yield f"{channel} rang and nobody knows of it"
    for contact in Contact.objects.filter(call__isnull=False).select_related("call"):
        where = f"{contact.call.channel} ({contact.outcome or 'open'})"
        if contact.ended_at is None:
            yield f"{where} never ended"
        elif contact.outcome not in CARED_FOR and not _cared_for(contact):
            yield f"{where} left neither a case nor a call-back"


def _cared_for(contact: Contact) -> bool:
    """A case, a call-back of the person, or a talk with somebody: nobody who hung up is lost."""
    ticket = Ticket.objects.filter(contact=contact).first()
    spoke = ticket is not None and ticket.answered_at is not None
    again = CallBack.objects.filter(person=contact.person).exists()
    return contact.case_id is not None or again or spoke


def _nothing_open() -> Iterator[str]:
    for ticket in Ticket.objects.exclude(state=TicketState.ENDED):
        yield f"a place in the queue is left over: {ticket.kind} {ticket.state}"
    for offer in Offer.objects.exclude(state=OfferState.ENDED):
        yield f"an offer is left over: {offer.state}"
    for leg in Leg.objects.exclude(state=LegState.ENDED):
        yield f"a third party is left over: {leg.purpose} {leg.state}"
    for order in Order.objects.filter(done_at=None):
        yield f"an order was never done: {order.verb}"


def _no_stuck_operator(now: datetime) -> Iterator[str]:
    for presence in Presence.objects.filter(state__in=(PresenceState.OFFERED, PresenceState.BUSY)):
        yield f"an operator is stuck: {presence.state}"
    if Presence.objects.filter(state=PresenceState.WRAP_UP, until__lt=now).exists():
        yield "a wrap-up never ended"
