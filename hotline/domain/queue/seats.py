"""Everything that a switchboard must know of the calls of its node, in one look."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from hotline.core.evolve import evolve
from hotline.domain.prepared import rows
from hotline.domain.queue.policy import expected_wait


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


@dataclass(frozen=True, kw_only=True)
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

    @property
    def standing(self) -> tuple[object, ...]:
        """What is to be acted upon; the place, which moves all the time, is only spoken."""
        return (
            self.state,
            self.to_bot,
            self.announce,
            self.offer_person,
            self.branch,
            self.by_wish,
            self.offer,
            self.leg,
            self.orders,
        )


SEATS = """
SELECT string_agg(coalesce(p.position::text, '') || ':' || json_build_array(
  t.id, t.kind, t.contact_id,
  (SELECT k.channel FROM calls_call k WHERE k.contact_id = t.contact_id),
  t.state, t.branch, t.by_wish, t.call_back_id,
  CASE WHEN t.state = 'waiting' AND t.overflow_at <= %(now)s AND t.contact_id IS NOT NULL
       AND t.node = %(node)s THEN 'busy' END,
  CASE WHEN f.id IS NOT NULL THEN json_build_array(f.id, f.state, f.operator_id,
    (SELECT json_build_array(o.extension, o.phone) FROM workforce_operator o
     WHERE o.user_id = f.operator_id),
    f.ring_until, f.held,
    (SELECT json_agg(json_build_array(r.id, r.verb, r.argument) ORDER BY r.id)
     FROM queue_order r WHERE r.offer_id = f.id AND r.done_at IS NULL)) END,
  CASE WHEN l.id IS NOT NULL THEN json_build_array(l.id, l.purpose, l.state, l.number,
    (SELECT o.extension FROM workforce_operator o WHERE o.user_id = l.operator_id),
    l.due_at) END)::text, chr(30))
FROM queue_ticket t
LEFT JOIN (SELECT id, row_number() OVER (PARTITION BY branch
  ORDER BY extract(epoch FROM entered_at) - priority * %(ageing)s::float8, id) AS position
  FROM queue_ticket WHERE state = 'waiting') p ON p.id = t.id
LEFT JOIN queue_offer f ON f.ticket_id = t.id AND f.state <> 'ended'
LEFT JOIN queue_leg l ON l.ticket_id = t.id AND l.state <> 'ended'
WHERE t.state <> 'ended' AND t.node IN (%(node)s, '')"""
"""Every live ticket of the node, for ``seats``. Each is a line: the place of who waits, and JSON,
which is not taken apart again if it reads as it did at the last look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What was decided in this look. ``on_duty``: how many answer each branch; ``instead``: by
    branch, what is done with everybody who waits there (``announce``, or a reason for the
    callbot); ``persons_for``: tickets with the callbot to whom a person can be offered."""

    on_duty: Mapping[str, int]
    instead: Mapping[str, str]
    persons_for: frozenset[int]


_TALKS = """
SELECT t.branch, avg(r.seconds)::float8 FROM (
  SELECT f.ticket_id, extract(epoch FROM f.ended_at - f.talking_since) AS seconds
  FROM queue_offer f WHERE f.state = 'ended' AND f.talking_since IS NOT NULL
  ORDER BY f.ended_at DESC LIMIT 200) r
JOIN queue_ticket t ON t.id = r.ticket_id GROUP BY t.branch"""
KNOWN_FOR = timedelta(seconds=5)


class Talks:
    """How long talks take: read when somebody waits, and true for some seconds."""

    def __init__(self) -> None:
        self._known: tuple[datetime, dict[str, float]] | None = None

    def average(self, now: datetime) -> Mapping[str, float]:
        """By branch: its talks among the last 200, in seconds."""
        if self._known is None or abs(now - self._known[0]) >= KNOWN_FOR:
            self._known = now, dict(rows(_TALKS, {}))
        return self._known[1]


_BETWEEN = "\x1e"
"""Between two lines: no character of any JSON."""


def seats(read: str | None, level: Level, talks: Talks, *, now: datetime) -> tuple[Seat, ...]:
    """Of what ``SEATS`` gave."""
    persons = level.persons_for
    found = []
    for line in read.split(_BETWEEN) if read else ():
        place, _, rest = line.partition(":")
        seat = _seat(rest)
        if place:
            seat = _waiting(seat, int(place), level, talks, now)
        elif seat.ticket in persons:
            seat = evolve(seat, offer_person=True)
        found.append(seat)
    return tuple(found)


def _waiting(seat: Seat, position: int, level: Level, talks: Talks, now: datetime) -> Seat:
    """With the place, and with what was decided for who waits in this branch."""
    wait = expected_wait(
        position=position,
        on_duty=level.on_duty.get(seat.branch, 0),
        talk_s=talks.average(now).get(seat.branch),
    )
    other = level.instead.get(seat.branch)
    return evolve(
        seat,
        to_bot=seat.to_bot or (other if other != "announce" else None),
        announce=other == "announce",
        offer_person=seat.ticket in level.persons_for,
        position=position,
        wait_s=round(wait) if wait is not None else None,
    )


@lru_cache(maxsize=4096)
def _seat(line: str) -> Seat:
    """Kept, as most seats stand in this look as they stood in the last. ``to_bot`` is what
    the clock says."""
    (
        ticket, kind, contact, channel, state, branch, by_wish, call_back, overflow, offer, leg,
    ) = json.loads(line)  # fmt: skip
    return Seat(
        ticket=ticket,
        kind=kind,
        contact=UUID(contact) if contact is not None else None,
        channel=channel,
        state=state,
        branch=branch,
        by_wish=by_wish,
        call_back=call_back,
        to_bot=overflow,
        offer=_offer(*offer[:-1]) if offer is not None else None,
        leg=_leg(*leg) if leg is not None else None,
        orders=_orders(offer[-1]) if offer is not None else (),
    )


def _offer(
    key: str, state: str, operator: int, phone: tuple[str, str], ring_until: str, held: bool
) -> OfferNow:
    return OfferNow(
        id=UUID(key),
        state=state,
        operator=operator,
        extension=phone[0],
        phone=phone[1],
        ring_until=datetime.fromisoformat(ring_until),
        held=held,
    )


def _leg(
    key: str, purpose: str, state: str, number: str, extension: str | None, due_at: str
) -> LegNow:
    return LegNow(
        id=UUID(key),
        purpose=purpose,
        state=state,
        number=number,
        extension=extension or "",
        due_at=datetime.fromisoformat(due_at),
    )


def _orders(read: Sequence[tuple[int, str, str]] | None) -> tuple[OrderNow, ...]:
    return tuple(
        OrderNow(id=key, verb=verb, argument=argument) for key, verb, argument in read or ()
    )
