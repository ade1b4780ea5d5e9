"""Third parties on a call: outside lines, other operators, the citizen of a call-back. A leg
is written before it is dialled; its id names the channel."""

from datetime import datetime, timedelta
from uuid import UUID

from hotline.domain.queue import log, services
from hotline.domain.queue.models import (
    Kind,
    Leg,
    LegPurpose,
    LegState,
    Offer,
    Ticket,
    TicketState,
)
from hotline.domain.workforce.models import Operator

DIAL_S = 30
"""How long anybody outside is rung."""


def open_leg(
    *,
    ticket: Ticket,
    offer: Offer | None,
    purpose: LegPurpose,
    number: str = "",
    operator: Operator | None = None,
    now: datetime,
) -> Leg:
    """The live leg of the ticket if there is one: a call has at most one third party."""
    known = Leg.objects.filter(ticket=ticket).exclude(state=LegState.ENDED).first()
    if known is not None:
        return known
    leg = Leg.objects.create(
        ticket=ticket,
        offer=offer,
        operator=operator,
        number=number,
        purpose=purpose,
        started_at=now,
        due_at=now + timedelta(seconds=DIAL_S),
    )
    if purpose in {LegPurpose.BLIND, LegPurpose.BRANCH}:
        services.move(ticket, TicketState.OUTSIDE, now=now)
        log.note(Kind.OUTSIDE, at=now, branch=ticket.branch, ticket=ticket.pk, detail=str(purpose))
    return leg


def live(leg: UUID) -> Leg | None:
    """Locked, with its ticket; None once it is over."""
    # the ticket first: everybody locks in this order
    ticket = Ticket.objects.select_for_update(of=("self",)).filter(legs=leg).first()
    if ticket is None:
        return None
    found = (
        Leg.objects.select_for_update(of=("self",))
        .select_related("offer")
        .filter(pk=leg)
        .exclude(state=LegState.ENDED)
        .first()
    )
    if found is not None:
        found.ticket = ticket
    return found


def up(leg: Leg, *, now: datetime) -> bool:
    """They answered. False if that was known."""
    done = Leg.objects.filter(pk=leg.pk, state=LegState.DIALLING).update(
        state=LegState.UP, up_at=now
    )
    _tell(leg)
    return bool(done)


def over(leg: Leg, *, result: str, now: datetime) -> bool:
    """``result``: answered, busy, no_answer, failed, cancelled. False if it was over. A caller
    who was sent out alone and found nobody waits again at the place of before."""
    done = (
        Leg.objects.filter(pk=leg.pk)
        .exclude(state=LegState.ENDED)
        .update(state=LegState.ENDED, ended_at=now, result=result)
    )
    if not done:
        return False
    if leg.purpose == LegPurpose.BLIND and leg.state == LegState.DIALLING:
        ticket = leg.ticket
        if ticket.state == TicketState.OUTSIDE and services.back_in_line(ticket, now=now):
            log.note(
                Kind.BACK_FROM_OUTSIDE,
                at=now,
                branch=ticket.branch,
                ticket=ticket.pk,
                detail=result,
            )
    _tell(leg)
    return True


def _tell(leg: Leg) -> None:
    concerned = [leg.operator_id, leg.offer.operator_id if leg.offer else None]
    log.tell_desks(operator for operator in concerned if operator is not None)
