"""Who waits and who is idle, brought together; rows that somebody else holds are left to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from hotline.domain.city.model import City
from hotline.domain.prepared import rows
from hotline.domain.queue.offering import offer
from hotline.domain.queue.policy import AGEING_S, LineRules, Waiting, assign, person_for
from hotline.domain.queue.rules import rules_of
from hotline.domain.queue.staff import ANY, Staff, with_any

MOST = 400
"""How many of those who wait are looked at in one go."""


@dataclass(frozen=True, slots=True)
class Dialling:
    """Whether call-backs can be made now at all (a trunk, the hours), and the urgent ones at
    any hour."""

    possible: bool
    hours: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """``pairs`` of a caller's key and an operator's, as they were read: a call-back's key is
    negative, so that both stand in one order. ``persons_for``: tickets of callers with the
    callbot to whom a person can be offered."""

    pairs: Sequence[tuple[int, int]]
    everybody: Mapping[int, Waiting]
    persons_for: frozenset[int]


NOTHING = Plan((), {}, frozenset())

CALLERS = """
EXISTS (SELECT FROM queue_ticket WHERE state = 'waiting')
OR EXISTS (SELECT FROM queue_ticket WHERE state = 'with_bot' AND offered_at IS NULL)
OR EXISTS (SELECT FROM calls_callback
  WHERE closed_at IS NULL AND (next_at IS NULL OR next_at <= %(now)s))"""
"""Whether there is anybody whom ``plan`` could bring to an operator."""

_WAITING = """
SELECT id, branch, priority, extract(epoch FROM entered_at)::float8
FROM queue_ticket WHERE state = 'waiting' AND branch = ANY (%(branches)s)
ORDER BY extract(epoch FROM entered_at) - priority * %(ageing)s::float8 LIMIT %(most)s"""

_WITH_BOT = """
SELECT id, branch, priority, extract(epoch FROM entered_at)::float8
FROM queue_ticket WHERE state = 'with_bot' AND offered_at IS NULL AND branch = ANY (%(branches)s)
ORDER BY extract(epoch FROM entered_at) - priority * %(ageing)s::float8 LIMIT %(most)s"""

_DUE = """
SELECT c.id, c.branch, extract(epoch FROM coalesce(c.place_at, c.created_at))::float8,
       coalesce(k.urgent, false)
FROM calls_callback c LEFT JOIN cases_case k ON k.id = c.case_id
WHERE c.closed_at IS NULL AND (c.next_at IS NULL OR c.next_at <= %(now)s)
  AND (%(hours)s::boolean OR coalesce(k.urgent, false))
  AND NOT EXISTS (SELECT FROM queue_ticket t LEFT JOIN contacts_contact n ON n.id = t.contact_id
    WHERE t.state <> 'ended' AND (t.call_back_id = c.id OR n.person_id = c.person_id))
ORDER BY coalesce(c.place_at, c.created_at) LIMIT %(most)s"""


def plan(
    *, city: City, staff: Staff, closed: Collection[str], dialling: Dialling, now: datetime
) -> Plan:
    """Who would be offered to whom now; nothing is locked. ``closed``: branches whose callers
    do not wait now."""
    rules = with_any(rules_of(city))
    branches = sorted(staff.branches - set(closed))
    callers = _callers(_WAITING, branches)
    with_bot = _callers(_WITH_BOT, branches)
    due = _due(dialling, rules, now) if dialling.possible else []
    everybody = {one.key: one for one in (*callers, *due)}
    at = now.timestamp()
    pairs = assign(everybody.values(), staff.idle, rules, now=at, busy=staff.busy)
    persons = person_for(with_bot, staff.idle, everybody.values(), rules, now=at, busy=staff.busy)
    return Plan(pairs, everybody, frozenset(persons))


def make(made: Plan, *, city: City, node: str, now: datetime) -> None:
    """The offers that can still be made. Call-backs are dialled by ``node``. Inside a
    transaction.

    Only the rows of the pairs are locked, and those that somebody else holds are left to
    them: two switchboards, or a caller who leaves at this moment, cost one look."""
    pairs = _held(made.pairs)
    if pairs:
        offer(pairs, made.everybody, city, node=node, now=now)


def _callers(statement: str, branches: Sequence[str]) -> list[Waiting]:
    values = {"branches": list(branches), "ageing": AGEING_S, "most": MOST}
    return [Waiting(*row) for row in rows(statement, values)]


def _due(dialling: Dialling, rules: Mapping[str, LineRules], now: datetime) -> list[Waiting]:
    """Call-backs of a branch that people do not answer any more are anybody's."""
    values = {"now": now, "hours": dialling.hours, "most": MOST}
    return [
        Waiting(-key, branch if branch in rules else ANY, int(urgent), at)
        for key, branch, at, urgent in rows(_DUE, values)
    ]


def _held(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs whose rows are ours now, and still as they were read."""
    if not pairs:
        return []
    callers = _lock(
        "SELECT id FROM queue_ticket WHERE id = ANY (%s) AND state = 'waiting'",
        [caller for caller, _ in pairs if caller > 0],
    )
    call_backs = _lock(
        "SELECT id FROM calls_callback WHERE id = ANY (%s) AND closed_at IS NULL",
        [-caller for caller, _ in pairs if caller < 0],
    )
    operators = _lock(
        "SELECT operator_id FROM workforce_presence WHERE operator_id = ANY (%s)"
        " AND state = 'ready'",
        [operator for _, operator in pairs],
    )
    return [
        (caller, operator)
        for caller, operator in pairs
        if (caller in callers or -caller in call_backs) and operator in operators
    ]


def _lock(statement: str, keys: Sequence[int]) -> frozenset[int]:
    if not keys:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} FOR UPDATE SKIP LOCKED", [list(keys)])
        return frozenset(key for (key,) in cursor.fetchall())
