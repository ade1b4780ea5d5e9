"""Everything that a switchboard must know of the calls of its node, in one look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from hotline.domain.queue.policy import AGEING_S, expected_wait


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferNow:
    """``phone``: browser or sip."""

    id: UUID
    state: str
    operator: int
    extension: str
    phone: str
    ring_until: datetime
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegNow:
    """One of ``number`` and ``extension`` says whom to dial; neither: the citizen of the
    call-back."""

    id: UUID
    purpose: str
    state: str
    number: str
    extension: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNow:
    id: int
    verb: str
    argument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One live ticket. ``channel`` is the caller's, None while a call-back has not reached
    anybody. ``to_bot``: the callbot is to take over, for this reason; ``announce``: only the
    announcement is given; ``offer_person``: a person is free for somebody with the callbot.
    ``position`` (1 is next) and ``wait_s`` stand with those who wait."""

    ticket: int
    kind: str
    contact: UUID | None
    channel: str | None
    state: str
    branch: str
    by_wish: bool
    call_back: int | None
    to_bot: str | None = None
    announce: bool = False
    offer_person: bool = False
    position: int | None = None
    wait_s: int | None = None
    offer: OfferNow | None = None
    leg: LegNow | None = None
    orders: tuple[OrderNow, ...] = ()


_SEATS = """
WITH place AS (
  SELECT id, row_number() OVER (PARTITION BY branch
    ORDER BY extract(epoch FROM entered_at) - priority * %s, id) AS position
  FROM queue_ticket WHERE state = 'waiting')
SELECT t.id, t.kind, t.contact_id, k.channel, t.state, t.branch, t.by_wish, t.call_back_id,
       p.position, f.id, f.state, f.operator_id, o.extension, o.phone, f.ring_until, f.held,
       l.id, l.purpose, l.state, l.number, lo.extension, l.due_at
FROM queue_ticket t
LEFT JOIN calls_call k ON k.contact_id = t.contact_id
LEFT JOIN place p ON p.id = t.id
LEFT JOIN queue_offer f ON f.ticket_id = t.id AND f.state <> 'ended'
LEFT JOIN workforce_operator o ON o.user_id = f.operator_id
LEFT JOIN queue_leg l ON l.ticket_id = t.id AND l.state <> 'ended'
LEFT JOIN workforce_operator lo ON lo.user_id = l.operator_id
WHERE t.state <> 'ended' AND t.node IN (%s, '')"""

_ORDERS = """
SELECT f.ticket_id, r.id, r.verb, r.argument FROM queue_order r
JOIN queue_offer f ON f.id = r.offer_id
WHERE r.done_at IS NULL AND f.state <> 'ended' ORDER BY r.id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What was decided in this look. ``on_duty``: how many answer each branch; ``overflow``:
    tickets that the clock sends to the callbot, and why; ``instead``: by branch, what is done
    with everybody who waits there (``announce``, or a reason for the callbot);
    ``persons_for``: tickets with the callbot to whom a person can be offered."""

    on_duty: Mapping[str, int]
    overflow: Mapping[int, str]
    instead: Mapping[str, str]
    persons_for: frozenset[int]


def seats(*, node: str, level: Level) -> tuple[Seat, ...]:
    """Every live ticket of the node."""
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, [AGEING_S, node])
        rows = cursor.fetchall()
        orders: dict[int, tuple[OrderNow, ...]] = {}
        if any(row[9] for row in rows):
            cursor.execute(_ORDERS)
            for ticket, key, verb, argument in cursor.fetchall():
                order = OrderNow(id=key, verb=verb, argument=argument)
                orders[ticket] = (*orders.get(ticket, ()), order)
    talks = _talks() if any(row[8] for row in rows) else {}
    return tuple(_seat(row, orders.get(row[0], ()), level, talks) for row in rows)


def _seat(
    row: tuple[Any, ...], orders: tuple[OrderNow, ...], level: Level, talks: Mapping[str, float]
) -> Seat:
    ticket, state, branch, position = row[0], row[4], row[5], row[8]
    other = level.instead.get(branch) if state == "waiting" else None
    wait = (
        expected_wait(
            position=position, on_duty=level.on_duty.get(branch, 0), talk_s=talks.get(branch)
        )
        if position
        else None
    )
    return _made(
        row,
        orders,
        to_bot=level.overflow.get(ticket) or (other if other != "announce" else None),
        announce=other == "announce",
        offer_person=ticket in level.persons_for,
        wait_s=round(wait) if wait is not None else None,
    )


@lru_cache(maxsize=4096)
def _made(
    row: tuple[Any, ...],
    orders: tuple[OrderNow, ...],
    *,
    to_bot: str | None,
    announce: bool,
    offer_person: bool,
    wait_s: int | None,
) -> Seat:
    """Kept, as most seats stand in this look as they stood in the last."""
    ticket, kind, contact, channel, state, branch, by_wish, call_back, position = row[:9]
    return Seat(
        ticket=ticket,
        kind=kind,
        contact=contact,
        channel=channel,
        state=state,
        branch=branch,
        by_wish=by_wish,
        call_back=call_back,
        to_bot=to_bot,
        announce=announce,
        offer_person=offer_person,
        position=position,
        wait_s=wait_s,
        offer=_offer(row[9:16]),
        leg=_leg(row[16:22]),
        orders=orders,
    )


def _offer(row: tuple[Any, ...]) -> OfferNow | None:
    key, state, operator, extension, phone, ring_until, held = row
    if key is None:
        return None
    return OfferNow(
        id=key,
        state=state,
        operator=operator,
        extension=extension,
        phone=phone,
        ring_until=ring_until,
        held=held,
    )


def _leg(row: tuple[Any, ...]) -> LegNow | None:
    key, purpose, state, number, extension, due_at = row
    if key is None:
        return None
    return LegNow(
        id=key,
        purpose=purpose,
        state=state,
        number=number,
        extension=extension or "",
        due_at=due_at,
    )


_TALKS = """
SELECT t.branch, avg(r.seconds)::float8 FROM (
  SELECT f.ticket_id, extract(epoch FROM f.ended_at - f.talking_since) AS seconds
  FROM queue_offer f WHERE f.state = 'ended' AND f.talking_since IS NOT NULL
  ORDER BY f.ended_at DESC LIMIT 200) r
JOIN queue_ticket t ON t.id = r.ticket_id GROUP BY t.branch"""


def _talks() -> dict[str, float]:
    """By branch: how long its talks among the last 200 took on average, in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(_TALKS)
        return dict(cursor.fetchall())
