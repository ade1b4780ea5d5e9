"""Places in the queue: entered, kept, left. Every change of state is a compare-and-swap; the
time at which somebody entered never changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection
from django.db.models import F

from hotline.dialogue.script import Line, Nobody
from hotline.domain.city.hours import is_open
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.domain.queue import log, switches
from hotline.domain.queue.models import (
    Kind,
    Leg,
    LegState,
    Offer,
    OfferState,
    SwitchTo,
    Ticket,
    TicketState,
)
from hotline.domain.queue.rules import line_of
from hotline.domain.workforce import services as workforce

S = TicketState
BUSY, NOBODY, CLOSED, SWITCHED = "busy", "nobody", "closed", "switched"


class Answer(StrEnum):
    """What the queue says to somebody who wants a person."""

    WAIT = "wait"
    CALLBOT = "callbot"
    ANNOUNCE = "announce"
    CALL_BACK = "call_back"


@dataclass(frozen=True, slots=True)
class Decision:
    """``reason`` as in ``dialogue.exchange.ToCallbot``; empty while they may wait."""

    answer: Answer
    reason: str = ""


_INSTEAD = {
    Nobody.CALLBOT: Answer.CALLBOT,
    Nobody.ANNOUNCEMENT: Answer.ANNOUNCE,
    Nobody.CALL_BACK: Answer.CALL_BACK,
    Nobody.WAIT: Answer.WAIT,
}


def enter(
    *,
    contact: Contact,
    city: City,
    branch: str,
    node: str,
    by_wish: bool = False,
    since: datetime | None = None,
    now: datetime,
) -> Decision:
    """A caller wants a person of ``branch``. Whoever has a place keeps it with its time;
    ``since`` is an earlier place (of an open call-back). ``by_wish``: they asked for a person
    while with the callbot, so that the clock does not send them back."""
    line = line_of(city, branch)
    if line is None:
        return Decision(Answer.CALLBOT, NOBODY)
    decision = decide(city=city, branch=branch, line=line, now=now)
    waits = decision.answer is Answer.WAIT
    state = S.WAITING if waits else S.WITH_BOT
    entered = min(since or now, now)
    overflow = None if by_wish or not waits else now + timedelta(seconds=line.wait_s)
    ticket, new = Ticket.objects.get_or_create(
        contact=contact,
        defaults={
            "node": node,
            "branch": branch,
            "priority": line.priority,
            "entered_at": entered,
            "state": state,
            "state_since": now,
            "overflow_at": overflow,
            "by_wish": by_wish,
        },
    )
    if new:
        log.note(Kind.ENTERED, at=now, branch=branch, ticket=ticket.pk)
    elif not _move(
        ticket,
        state,
        now=now,
        overflow_at=overflow,
        by_wish=by_wish,
        **({"branch": branch, "priority": line.priority} if branch != ticket.branch else {}),
    ):
        return decision
    elif waits:
        log.note(Kind.BACK_FROM_BOT, at=now, branch=branch, ticket=ticket.pk)
    if not waits and decision.answer is Answer.CALLBOT:
        _note_bot(ticket, decision.reason, now=now)
    return decision


def decide(*, city: City, branch: str, line: Line, now: datetime) -> Decision:
    """Whether somebody may wait for a person of this branch now, and what happens instead."""
    switch = switches.in_force(branch, now=now)
    return decision_of(
        city=city,
        line=line,
        switched_to=switch.to if switch is not None else None,
        staffed=lambda: on_duty(branch, line),
        now=now,
    )


def decision_of(
    *,
    city: City,
    line: Line,
    switched_to: str | None,
    staffed: Callable[[], bool],
    now: datetime,
) -> Decision:
    """``decide``, for somebody who has read already what it depends on."""
    if switched_to is not None:
        announce = switched_to == SwitchTo.ANNOUNCEMENT
        return Decision(Answer.ANNOUNCE if announce else Answer.CALLBOT, SWITCHED)
    if not is_open(line.hours, now=now, zone=city.time_zone):
        return _instead(line, CLOSED)
    if not staffed():
        return _instead(line, NOBODY)
    return Decision(Answer.WAIT)


def _instead(line: Line, reason: str) -> Decision:
    answer = _INSTEAD[line.nobody]
    return Decision(answer, "" if answer is Answer.WAIT else reason)


def on_duty(branch: str, line: Line) -> bool:
    """Whether anybody signed on for the branch works: ready, ringing, talking, wrapping up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM workforce_presence p JOIN workforce_operator o"
            " ON o.user_id = p.operator_id WHERE p.state IN ('ready', 'offered', 'busy', 'wrap_up')"
            " AND %s = ANY (p.branches) AND o.kind = ANY (%s))",
            [branch, list(line.kinds)],
        )
        (found,) = cursor.fetchone()
    return bool(found)


def to_bot(*, contact: Contact, reason: str, now: datetime) -> None:
    """The callbot takes over; the place is kept. An offer that rings is taken back."""
    ticket = _out_of_line(contact, result="to_bot", now=now)
    if ticket is not None:
        _note_bot(ticket, reason, now=now)


def hears_announcement(*, contact: Contact, now: datetime) -> None:
    """They hear an announcement instead of waiting on: nobody has answered them."""
    _out_of_line(contact, result="announced", now=now)


def _out_of_line(contact: Contact, *, result: str, now: datetime) -> Ticket | None:
    """The ticket, if they waited."""
    ticket = _locked(contact)
    if ticket is None or ticket.state not in {S.WAITING, S.OFFERED}:
        return None
    take_back_offer(ticket, result=result, now=now)
    return ticket if _move(ticket, S.WITH_BOT, now=now, overflow_at=None) else None


def person_offered(*, contact: Contact, now: datetime) -> None:
    """A person was offered to somebody who speaks with the callbot: once."""
    done = Ticket.objects.filter(contact=contact, offered_at=None).update(offered_at=now)
    if done:
        log.note(Kind.PERSON_OFFERED, at=now, ticket=Ticket.objects.get(contact=contact).pk)


def leave(*, contact: Contact, outcome: str, now: datetime) -> None:
    """The dialogue has ended, or the caller hung up. Does nothing for who has no place or
    has left. An offer that rings is taken back: the operator is ready as before."""
    ticket = _locked(contact)
    if ticket is None or ticket.state == S.ENDED:
        return
    waited = (now - ticket.state_since).total_seconds()
    unheard = ticket.state in {S.WAITING, S.OFFERED}
    take_back_offer(ticket, result="caller_left", now=now)
    if _move(ticket, S.ENDED, now=now, ended_at=now, outcome=outcome, overflow_at=None):
        Leg.objects.filter(ticket=ticket).exclude(state=LegState.ENDED).update(
            state=LegState.ENDED, ended_at=now, result="call_over"
        )
        kind = Kind.ABANDONED if unheard and outcome == "abandoned" else Kind.ENDED
        if unheard and outcome == "call_back":
            kind = Kind.TO_CALL_BACK
        log.note(
            kind, at=now, branch=ticket.branch, ticket=ticket.pk, seconds=waited, detail=outcome
        )


def back_in_line(ticket: Ticket, *, now: datetime, by_wish: bool = True) -> bool:
    """Waiting again at the place of before."""
    return _move(ticket, S.WAITING, now=now, overflow_at=None, by_wish=by_wish)


def move(ticket: Ticket, state: TicketState, *, now: datetime) -> bool:
    """To another state; False if somebody else moved it meanwhile."""
    return _move(ticket, state, now=now)


def take_back_offer(ticket: Ticket, *, result: str, now: datetime) -> None:
    """The operator whose phone rings for this caller is ready again, idle since before."""
    offer = (
        Offer.objects.select_for_update()
        .filter(ticket=ticket, state__in=(OfferState.RINGING, OfferState.ANSWERED))
        .first()
    )
    if offer is None:
        return
    Offer.objects.filter(pk=offer.pk).update(state=OfferState.ENDED, ended_at=now, result=result)
    workforce.release(operator=offer.operator_id, now=now)
    log.tell_desks([offer.operator_id])


def _locked(contact: Contact) -> Ticket | None:
    return Ticket.objects.select_for_update().filter(contact=contact).first()


def _move(ticket: Ticket, state: TicketState, *, now: datetime, **more: object) -> bool:
    done = (
        Ticket.objects.filter(pk=ticket.pk, epoch=ticket.epoch)
        .exclude(state=S.ENDED)
        .update(state=state, state_since=now, epoch=F("epoch") + 1, **more)
    )
    if done:
        ticket.state, ticket.epoch = state, ticket.epoch + 1
    return bool(done)


def _note_bot(ticket: Ticket, reason: str, *, now: datetime) -> None:
    waited = (now - ticket.entered_at).total_seconds()
    log.note(
        Kind.TO_BOT,
        at=now,
        branch=ticket.branch,
        ticket=ticket.pk,
        seconds=waited,
        detail=reason,
    )
