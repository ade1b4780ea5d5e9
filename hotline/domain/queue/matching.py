"""Who waits and who is idle, brought together: one transaction, rows that somebody else holds
are left to them."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import F

from hotline.domain.calls.models import CallBack
from hotline.domain.city.model import City
from hotline.domain.queue import log
from hotline.domain.queue.models import Event, Kind, Offer, Ticket, TicketKind, TicketState
from hotline.domain.queue.policy import AGEING_S, Idle, LineRules, Waiting, assign, person_for
from hotline.domain.queue.rules import line_of, rules_of
from hotline.domain.workforce.models import Operator, Presence, PresenceState

MOST = 400
"""How many of those who wait are looked at in one go."""
RING_S = 15
ANY = "*"
"""Stands for a call-back of no branch: whoever has any skill may make it."""


@dataclass(frozen=True, slots=True)
class Dialling:
    """Whether call-backs can be made now at all (a trunk, the hours), and the urgent ones at
    any hour."""

    possible: bool
    hours: bool


_WAITING = """
SELECT id, branch, priority, extract(epoch FROM entered_at)::float8
FROM queue_ticket WHERE state = 'waiting'
ORDER BY extract(epoch FROM entered_at) - priority * %s LIMIT %s
FOR UPDATE SKIP LOCKED"""

_IDLE = """
SELECT p.operator_id, o.kind, extract(epoch FROM p.ready_since)::float8, p.branches, p.levels
FROM workforce_presence p JOIN workforce_operator o ON o.user_id = p.operator_id
WHERE p.state = 'ready' FOR UPDATE OF p SKIP LOCKED"""

_DUE = """
SELECT c.id, c.branch, extract(epoch FROM coalesce(c.place_at, c.created_at))::float8,
       coalesce(k.urgent, false)
FROM calls_callback c LEFT JOIN cases_case k ON k.id = c.case_id
WHERE c.closed_at IS NULL AND (c.next_at IS NULL OR c.next_at <= %s)
  AND (%s OR coalesce(k.urgent, false))
  AND NOT EXISTS (SELECT FROM queue_ticket t LEFT JOIN contacts_contact n ON n.id = t.contact_id
    WHERE t.state <> 'ended' AND (t.call_back_id = c.id OR n.person_id = c.person_id))
ORDER BY coalesce(c.place_at, c.created_at) LIMIT %s
FOR UPDATE OF c SKIP LOCKED"""


def match(*, city: City, dialling: Dialling, now: datetime) -> int:
    """Makes the offers that can be made now; returns how many. Inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [AGEING_S, MOST])
        callers = [Waiting(*row) for row in cursor.fetchall()]
        due = _due(cursor, dialling, now) if dialling.possible else []
        if not callers and not due:
            return 0
        cursor.execute(_IDLE)
        idle = [_idle(row) for row in cursor.fetchall()]
    if not idle:
        return 0
    # a call-back's key is negative, so that both stand in one order
    rules = _with_any(rules_of(city))
    everybody = [
        *callers,
        *(Waiting(-key, branch or ANY, prio, at) for key, branch, prio, at in due),
    ]
    pairs = assign(everybody, idle, rules, now=now.timestamp())
    if pairs:
        _offer(pairs, {one.key: one.branch for one in everybody}, city, now=now)
    return len(pairs)


def persons_free(*, city: City, now: datetime) -> list[int]:
    """Tickets of callers with the callbot to whom a person can be offered now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, branch, priority, extract(epoch FROM entered_at)::float8"
            " FROM queue_ticket WHERE state = 'with_bot' AND offered_at IS NULL"
            " ORDER BY entered_at LIMIT %s",
            [MOST],
        )
        with_bot = [Waiting(*row) for row in cursor.fetchall()]
        if not with_bot:
            return []
        cursor.execute(_WAITING.replace("FOR UPDATE SKIP LOCKED", ""), [AGEING_S, MOST])
        waiting = [Waiting(*row) for row in cursor.fetchall()]
        cursor.execute(_IDLE.replace("FOR UPDATE OF p SKIP LOCKED", ""))
        idle = [_idle(row) for row in cursor.fetchall()]
    return person_for(with_bot, idle, waiting, rules_of(city), now=now.timestamp())


def _due(
    cursor: CursorWrapper, dialling: Dialling, now: datetime
) -> list[tuple[int, str, int, float]]:
    cursor.execute(_DUE, [now, dialling.hours, MOST])
    return [(key, branch, int(urgent), at) for key, branch, at, urgent in cursor.fetchall()]


def _idle(row: tuple[int, str, float, Sequence[str], Sequence[int]]) -> Idle:
    operator, kind, since, branches, levels = row
    skills = dict(zip(branches, levels, strict=True))
    return Idle(operator, kind, since, {**skills, ANY: min(levels, default=1)})


def _with_any(rules: Mapping[str, LineRules]) -> dict[str, LineRules]:
    kinds = frozenset[str]().union(*(rule.kinds for rule in rules.values()))
    return {**rules, ANY: LineRules(ANY, kinds, 0, 0)}


def _offer(
    pairs: Sequence[tuple[int, int]], branches: Mapping[int, str], city: City, *, now: datetime
) -> None:
    tickets = {key: key for key, _ in pairs if key > 0}
    tickets |= _tickets_of_call_backs([-key for key, _ in pairs if key < 0], branches, now=now)
    Ticket.objects.filter(pk__in=tickets.values()).update(
        state=TicketState.OFFERED, state_since=now
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
            ring_until=now + timedelta(seconds=_ring_s(city, branches[key])),
        )
        for key, operator in pairs
    )
    Event.objects.bulk_create(
        Event(
            at=now,
            kind=Kind.OFFERED,
            branch="" if branches[key] == ANY else branches[key],
            ticket_id=tickets[key],
            operator_id=operator,
        )
        for key, operator in pairs
    )
    log.tell_desks(operator for _, operator in pairs)


def _tickets_of_call_backs(
    call_backs: Sequence[int], branches: Mapping[int, str], *, now: datetime
) -> dict[int, int]:
    """A ticket for each attempt; by the key that stands for the call-back here."""
    if not call_backs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO queue_ticket (kind, call_back_id, node, branch, priority, entered_at,"
            " state, state_since, by_wish, outcome, epoch)"
            " SELECT %s, c.id, '', coalesce(b.branch, ''), 0, coalesce(c.place_at, c.created_at),"
            " 'waiting', %s, true, '', 0 FROM calls_callback c"
            " JOIN jsonb_to_recordset(%s) AS b(id bigint, branch text) ON b.id = c.id"
            " RETURNING call_back_id, id",
            [
                TicketKind.CALL_BACK,
                now,
                json.dumps(
                    [
                        {"id": one, "branch": "" if branches[-one] == ANY else branches[-one]}
                        for one in call_backs
                    ]
                ),
            ],
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
    locked = (
        CallBack.objects.select_for_update()
        .filter(pk=call_back.pk, closed_at=None)
        .exclude(tickets__in=Ticket.objects.exclude(state=TicketState.ENDED))
        .first()
    )
    if locked is None:
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
