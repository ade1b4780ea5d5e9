"""Everything that a switchboard must know of the calls of its node, in one look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from hotline.domain.city.model import City
from hotline.domain.queue.policy import AGEING_S, FIRST_GUESS_S, expected_wait


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
JOIN queue_offer f ON f.id = r.offer_id WHERE r.done_at IS NULL ORDER BY r.id"""


def seats(
    *,
    node: str,
    city: City,
    overflow: Mapping[int, str],
    instead: Mapping[str, str],
    persons_for: frozenset[int],
) -> tuple[Seat, ...]:
    """``overflow``: tickets that the clock sends to the callbot; ``instead``: by branch, what
    is done with everybody who waits there (``announce``, or a reason for the callbot);
    ``persons_for``: tickets with the callbot to whom a person can be offered."""
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, [AGEING_S, node])
        rows = cursor.fetchall()
        orders: dict[int, list[OrderNow]] = {}
        if any(row[9] for row in rows):
            cursor.execute(_ORDERS)
            for ticket, key, verb, argument in cursor.fetchall():
                orders.setdefault(ticket, []).append(OrderNow(id=key, verb=verb, argument=argument))
    waits = _talks(city) if any(row[8] for row in rows) else {}
    return tuple(
        _seat(row, orders.get(row[0], []), overflow, instead, persons_for, waits) for row in rows
    )


def _seat(
    row: tuple[Any, ...],
    orders: list[OrderNow],
    overflow: Mapping[int, str],
    instead: Mapping[str, str],
    persons_for: frozenset[int],
    talks: Mapping[str, tuple[int, float]],
) -> Seat:
    ticket, kind, contact, channel, state, branch, by_wish, call_back, position = row[:9]
    waiting = state == "waiting"
    other = instead.get(branch) if waiting else None
    on_duty, talk_s = talks.get(branch, (0, FIRST_GUESS_S))
    wait = expected_wait(position=position, on_duty=on_duty, talk_s=talk_s) if position else None
    return Seat(
        ticket=ticket,
        kind=kind,
        contact=contact,
        channel=channel,
        state=state,
        branch=branch,
        by_wish=by_wish,
        call_back=call_back,
        to_bot=overflow.get(ticket) or (other if other and other != "announce" else None),
        announce=other == "announce",
        offer_person=ticket in persons_for,
        position=position,
        wait_s=round(wait) if wait is not None else None,
        offer=_offer(row[9:16]),
        leg=_leg(row[16:22]),
        orders=tuple(orders),
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
SELECT b.branch,
  (SELECT count(*) FROM workforce_presence p JOIN workforce_operator o ON o.user_id = p.operator_id
   WHERE p.state IN ('ready', 'offered', 'busy', 'wrap_up') AND b.branch = ANY (p.branches)),
  (SELECT avg(r.seconds) FROM (SELECT extract(epoch FROM f.ended_at - f.talking_since) AS seconds
   FROM queue_offer f JOIN queue_ticket t ON t.id = f.ticket_id
   WHERE f.state = 'ended' AND f.talking_since IS NOT NULL AND t.branch = b.branch
   ORDER BY f.ended_at DESC LIMIT 20) r)
FROM unnest(%s::text[]) AS b(branch)"""


def _talks(city: City) -> dict[str, tuple[int, float]]:
    """By branch: how many are on duty, and how long the last 20 talks took on average."""
    branches = [branch.key for branch in city.menu.branches if branch.line is not None]
    with connection.cursor() as cursor:
        cursor.execute(_TALKS, [branches])
        return {
            branch: (on_duty, float(seconds or FIRST_GUESS_S))
            for branch, on_duty, seconds in cursor.fetchall()
        }
