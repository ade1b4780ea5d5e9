"""A caller offered to an operator: rung, answered, talking, over. Reports that come too late
change nothing and return None or False."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from hotline.domain.city.model import City
from hotline.domain.queue import log
from hotline.domain.queue.models import (
    Kind,
    Leg,
    LegState,
    Offer,
    OfferState,
    Ticket,
    TicketKind,
    TicketState,
)
from hotline.domain.queue.rules import line_of
from hotline.domain.workforce import services as workforce

WRAP_UP_S = 30
LIVE = (OfferState.RINGING, OfferState.ANSWERED, OfferState.TALKING)


def live(offer: UUID) -> Offer | None:
    """The offer, locked with its ticket, if it is not over."""
    # the ticket first: everybody locks in this order
    ticket = Ticket.objects.select_for_update().filter(offers=offer, offers__state__in=LIVE).first()
    if ticket is None:
        return None
    found = Offer.objects.select_for_update().filter(pk=offer, state__in=LIVE).first()
    if found is not None:
        found.ticket = ticket
    return found


def answered(offer: Offer, *, now: datetime) -> bool:
    """The operator is on the line. The caller's way to them begins."""
    if offer.state != OfferState.RINGING:
        return offer.state == OfferState.ANSWERED
    _set(offer, OfferState.ANSWERED, answered_at=now)
    log.tell_desks([offer.operator_id])
    return True


def talk_began(offer: Offer, *, now: datetime) -> bool:
    """Both hear each other."""
    if offer.state == OfferState.TALKING:
        return True
    _set(offer, OfferState.TALKING, talking_since=now, answered_at=offer.answered_at or now)
    ticket = offer.ticket
    first = ticket.answered_at is None
    Ticket.objects.filter(pk=ticket.pk).update(
        state=TicketState.TALKING,
        state_since=now,
        overflow_at=None,
        answered_at=ticket.answered_at or now,
        epoch=F("epoch") + 1,
    )
    workforce.talks(operator=offer.operator_id, now=now)
    log.note(
        Kind.ANSWERED,
        at=now,
        branch=ticket.branch,
        ticket=ticket.pk,
        operator=offer.operator_id,
        seconds=(now - ticket.entered_at).total_seconds(),
        detail="first" if first else "again",
    )
    log.tell_desks([offer.operator_id])
    return True


def failed(offer: Offer, *, result: str, now: datetime) -> None:
    """The operator's phone did not answer, or cannot be reached: they are paused, the caller
    keeps the place."""
    if offer.state == OfferState.TALKING:
        return
    _end(offer, result, now=now)
    reason = "no_answer" if result in {"no_answer", "refused", "busy"} else "no_phone"
    workforce.stop_offering(operator=offer.operator_id, reason=reason, now=now)
    back(offer.ticket, now=now)
    log.note(
        Kind.NOT_ANSWERED,
        at=now,
        branch=offer.ticket.branch,
        ticket=offer.ticket_id,
        operator=offer.operator_id,
        seconds=(now - offer.offered_at).total_seconds(),
        detail=result,
    )
    log.tell_desks([offer.operator_id])


def back(ticket: Ticket, *, now: datetime) -> None:
    """Waiting again at the place of before. A call-back's ticket ends instead: its call-back
    keeps the place and is offered again."""
    if ticket.kind == TicketKind.CALL_BACK and ticket.contact_id is None:
        end_ticket(ticket, outcome="not_dialled", now=now)
        return
    Ticket.objects.filter(pk=ticket.pk).exclude(state=TicketState.ENDED).update(
        state=TicketState.WAITING, state_since=now, epoch=F("epoch") + 1
    )


def over(offer: Offer, *, city: City, result: str, now: datetime) -> None:
    """The operator's part is over: wrap-up, as long as the branch gives."""
    _end(offer, result, now=now)
    line = line_of(city, offer.ticket.branch)
    workforce.wrap_up(
        operator=offer.operator_id, seconds=line.wrap_up_s if line else WRAP_UP_S, now=now
    )
    log.tell_desks([offer.operator_id])


def end_ticket(ticket: Ticket, *, outcome: str, now: datetime) -> None:
    done = (
        Ticket.objects.filter(pk=ticket.pk)
        .exclude(state=TicketState.ENDED)
        .update(
            state=TicketState.ENDED,
            state_since=now,
            ended_at=now,
            outcome=outcome,
            overflow_at=None,
            epoch=F("epoch") + 1,
        )
    )
    if done:
        Leg.objects.filter(ticket=ticket).exclude(state=LegState.ENDED).update(
            state=LegState.ENDED, ended_at=now, result="call_over"
        )
        since = ticket.answered_at or ticket.entered_at
        log.note(
            Kind.ENDED,
            at=now,
            branch=ticket.branch,
            ticket=ticket.pk,
            seconds=(now - since).total_seconds(),
            detail=outcome,
        )


def _set(offer: Offer, state: OfferState, **more: object) -> None:
    Offer.objects.filter(pk=offer.pk).update(state=state, **more)
    offer.state = state


def _end(offer: Offer, result: str, *, now: datetime) -> None:
    _set(offer, OfferState.ENDED, ended_at=now, result=result, held=False)
    Leg.objects.filter(offer=offer, state=LegState.DIALLING).update(
        state=LegState.ENDED, ended_at=now, result="cancelled"
    )
