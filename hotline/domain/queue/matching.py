"""Who waits and who is idle, brought together: one transaction, rows that somebody else holds
are left to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from hotline.domain.city.model import City
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
class Matched:
    """``offers`` were made; ``persons_for``: tickets of callers with the callbot to whom a
    person can be offered."""

    offers: int
    persons_for: frozenset[int]


NOTHING = Matched(0, frozenset())

_WAITING = """
SELECT id, branch, priority, extract(epoch FROM entered_at)::float8
FROM queue_ticket WHERE state = 'waiting' AND branch = ANY (%s)
ORDER BY extract(epoch FROM entered_at) - priority * %s LIMIT %s"""

_WITH_BOT = """
SELECT id, branch, priority, extract(epoch FROM entered_at)::float8
FROM queue_ticket WHERE state = 'with_bot' AND offered_at IS NULL AND branch = ANY (%s)
ORDER BY extract(epoch FROM entered_at) - priority * %s LIMIT %s"""

_DUE = """
SELECT c.id, c.branch, extract(epoch FROM coalesce(c.place_at, c.created_at))::float8,
       coalesce(k.urgent, false)
FROM calls_callback c LEFT JOIN cases_case k ON k.id = c.case_id
WHERE c.closed_at IS NULL AND (c.next_at IS NULL OR c.next_at <= %s)
  AND (%s OR coalesce(k.urgent, false))
  AND NOT EXISTS (SELECT FROM queue_ticket t LEFT JOIN contacts_contact n ON n.id = t.contact_id
    WHERE t.state <> 'ended' AND (t.call_back_id = c.id OR n.person_id = c.person_id))
ORDER BY coalesce(c.place_at, c.created_at) LIMIT %s"""


def match(
    *,
    city: City,
    staff: Staff,
    closed: Collection[str],
    dialling: Dialling,
    node: str,
    now: datetime,
) -> Matched:
    """Makes the offers that can be made now. ``closed``: branches whose callers do not wait
    now. Call-backs are dialled by ``node``. Inside a transaction.

    Only the rows of the pairs are locked, and those that somebody else holds are left to
    them: two switchboards, or a caller who leaves at this moment, cost one look."""
    if not staff.idle:
        return NOTHING
    rules = with_any(rules_of(city))
    open_branches = sorted(staff.branches - set(closed))
    with connection.cursor() as cursor:
        callers = _callers(cursor, _WAITING, open_branches)
        with_bot = _callers(cursor, _WITH_BOT, open_branches)
        due = _due(cursor, dialling, rules, now) if dialling.possible else []
    # a call-back's key is negative, so that both stand in one order
    everybody = {one.key: one for one in (*callers, *due)}
    at = now.timestamp()
    pairs = assign(everybody.values(), staff.idle, rules, now=at, busy=staff.busy)
    pairs = _held(pairs)
    if pairs:
        offer(pairs, everybody, city, node=node, now=now)
    persons = person_for(with_bot, staff.idle, everybody.values(), rules, now=at, busy=staff.busy)
    return Matched(len(pairs), frozenset(persons))


def _callers(cursor: CursorWrapper, statement: str, branches: Sequence[str]) -> list[Waiting]:
    cursor.execute(statement, [list(branches), AGEING_S, MOST])
    return [Waiting(*row) for row in cursor.fetchall()]


def _due(
    cursor: CursorWrapper, dialling: Dialling, rules: Mapping[str, LineRules], now: datetime
) -> list[Waiting]:
    """Call-backs of a branch that people do not answer any more are anybody's."""
    cursor.execute(_DUE, [now, dialling.hours, MOST])
    return [
        Waiting(-key, branch if branch in rules else ANY, int(urgent), at)
        for key, branch, at, urgent in cursor.fetchall()
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
