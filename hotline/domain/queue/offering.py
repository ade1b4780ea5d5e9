"""Offers as they are made: a phone begins to ring."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F

from hotline.domain.calls.models import CallBack
from hotline.domain.city.model import City
from hotline.domain.queue import log
from hotline.domain.queue.models import Event, Kind, Offer, Ticket, TicketKind, TicketState
from hotline.domain.queue.policy import Waiting
from hotline.domain.queue.rules import line_of
from hotline.domain.queue.staff import ANY
from hotline.domain.workforce.models import Operator, Presence, PresenceState

RING_S = 15


def offer(
    pairs: Sequence[tuple[int, int]],
    everybody: Mapping[int, Waiting],
    city: City,
    *,
    node: str,
    now: datetime,
) -> None:
    """Pairs of a caller's key and an operator's, whose rows the transaction holds. Negative
    keys are call-backs: they get a ticket, of ``node``."""
    tickets = {key: key for key, _ in pairs if key > 0}
    due = [everybody[key] for key, _ in pairs if key < 0]
    tickets |= _tickets_of_call_backs(due, node=node, now=now)
    pairs = [(key, operator) for key, operator in pairs if key in tickets]
    Ticket.objects.filter(pk__in=tickets.values()).update(
        state=TicketState.OFFERED, state_since=now, epoch=F("epoch") + 1
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE workforce_presence SET state = 'offered', since = %s, reason = '',"
            " epoch = epoch + 1 WHERE operator_id = ANY (%s)",
            [now, [operator for _, operator in pairs]],
        )
    Offer.objects.bulk_create(
        Offer(
            id=uuid.uuid4(),
            ticket_id=tickets[key],
            operator_id=operator,
            offered_at=now,
            ring_until=now + timedelta(seconds=_ring_s(city, everybody[key].branch)),
        )
        for key, operator in pairs
    )
    Event.objects.bulk_create(
        Event(
            at=now,
            kind=Kind.OFFERED,
            branch=_branch(everybody[key]),
            ticket_id=tickets[key],
            operator_id=operator,
        )
        for key, operator in pairs
    )
    log.tell_desks(operator for _, operator in pairs)


def _branch(one: Waiting) -> str:
    return "" if one.branch == ANY else one.branch


def _tickets_of_call_backs(due: Sequence[Waiting], *, node: str, now: datetime) -> dict[int, int]:
    """A ticket for each attempt; by the key that stands for the call-back here. None for a
    call-back that somebody else has just taken."""
    if not due:
        return {}
    rows = [{"id": -one.key, "branch": _branch(one), "priority": one.priority} for one in due]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO queue_ticket (kind, call_back_id, node, branch, priority, entered_at,"
            " state, state_since, by_wish, outcome, epoch)"
            " SELECT %s, c.id, %s, b.branch, b.priority, coalesce(c.place_at, c.created_at),"
            " 'waiting', %s, true, '', 0 FROM calls_callback c"
            " JOIN jsonb_to_recordset(%s) AS b(id bigint, branch text, priority smallint)"
            " ON b.id = c.id ON CONFLICT (call_back_id) WHERE state <> 'ended' DO NOTHING"
            " RETURNING call_back_id, id",
            [TicketKind.CALL_BACK, node, now, json.dumps(rows)],
        )
        return {-call_back: ticket for call_back, ticket in cursor.fetchall()}


def _ring_s(city: City, branch: str) -> int:
    line = line_of(city, branch)
    return line.ring_s if line is not None else RING_S


def offer_call_back(
    *, call_back: CallBack, operator: Operator, key: UUID, now: datetime
) -> Offer | None:
    """To this operator alone, whatever they did; None if somebody is ringing them already, or
    the call-back is closed. Inside a transaction."""
    locked = CallBack.objects.select_for_update().filter(pk=call_back.pk, closed_at=None).first()
    # only now: a switchboard that held the row may have made a ticket meanwhile
    if locked is None or locked.tickets.exclude(state=TicketState.ENDED).exists():
        return None
    done = Presence.objects.filter(
        operator=operator,
        state__in=(PresenceState.READY, PresenceState.PAUSED, PresenceState.WRAP_UP),
    ).update(state=PresenceState.OFFERED, since=now, until=None, reason="", epoch=F("epoch") + 1)
    if not done:
        return None
    ticket = Ticket.objects.create(
        kind=TicketKind.CALL_BACK,
        call_back=locked,
        branch=locked.branch,
        entered_at=locked.place_at or locked.created_at,
        state=TicketState.OFFERED,
        state_since=now,
        by_wish=True,
    )
    log.note(Kind.OFFERED, at=now, branch=ticket.branch, ticket=ticket.pk, operator=operator.pk)
    return Offer.objects.create(
        id=key,
        ticket=ticket,
        operator=operator,
        offered_at=now,
        ring_until=now + timedelta(seconds=RING_S),
    )
