"""What became of the calls of a day, counted from the queue's event log.

A call counts on the day on which it entered the queue, whenever it is answered. Each call
that was offered is counted in exactly one of ``person``, ``callbot``, ``call_back``,
``outside``, ``abandoned``, ``other`` and ``open``, so these always add up to ``offered``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

ANSWER_WITHIN_S = 20
"""The threshold of the service level: the share of the calls *offered* (not of those answered)
that a person or the callbot answered within this time. COPC's CX Standard counts it so; a
caller who gave up is an answer that was not given."""

_NEVER = datetime.min.replace(tzinfo=UTC)
_SETTLED_AFTER = timedelta(minutes=2)
"""A call that ended longer ago than this is counted once and never looked at again. No
transaction takes as long, the tries of a use case included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Calls of one branch, or of all. ``person``: a person answered; ``callbot``: the callbot
    took the information whole; ``call_back``: they asked for a call-back instead;
    ``outside``: connected with an outside line; ``abandoned``: they hung up; ``other``: heard
    an announcement, or the line broke; ``open``: still there. ``within``: answered by a person
    or the callbot within ``ANSWER_WITHIN_S``; ``fresh``: nobody answered yet, and that time
    has not passed. ``waits_ms`` is the sum of the waits for a person, ``longest_ms`` the
    longest of them, in milliseconds (whole ones, so that sums do not depend on the order)."""

    offered: int = 0
    person: int = 0
    callbot: int = 0
    call_back: int = 0
    outside: int = 0
    abandoned: int = 0
    other: int = 0
    open: int = 0
    within: int = 0
    fresh: int = 0
    waits_ms: int = 0
    longest_ms: int = 0

    def __add__(self, more: "Totals") -> "Totals":
        both = {
            name: getattr(self, name) + getattr(more, name)
            for name in _COUNTED
            if name != "longest_ms"
        }
        return Totals(**both, longest_ms=max(self.longest_ms, more.longest_ms))

    @property
    def service_level(self) -> float | None:
        """0–1, over the calls offered whose answer is due; None while there are none."""
        due = self.offered - self.fresh
        return self.within / due if due else None

    @property
    def average_s(self) -> float | None:
        """How long those waited whom a person answered, on average."""
        return self.waits_ms / self.person / 1000 if self.person else None


_COUNTED = tuple(one.name for one in fields(Totals))
ByBranch = Mapping[str, Totals]


@dataclass(slots=True)
class DayTotals:
    """The totals of the present day, kept up by whoever looks at them again and again: calls
    that are over are counted once, so that each look reads only the last minutes' rows.

    A new object reads the whole day; it serves one reader at a time."""

    _day: datetime | None = None
    _until: datetime = _NEVER
    _settled: dict[str, Totals] = field(default_factory=dict)

    def read(self, *, day: datetime, now: datetime, callbot_only: Collection[str] = ()) -> ByBranch:
        """``day``: when it began. ``callbot_only``: branches that nobody waits for, the callbot
        answers them at once."""
        if day != self._day or now < self._until:
            self._day, self._until, self._settled = day, day, {}
        settled = max(now - _SETTLED_AFTER, self._until)
        if settled > self._until:
            over = f"{_ENDED} AND t.ended_at < %(until)s"
            span = {"from": self._until, "until": settled}
            self._settled = _merged(self._settled, _queued(over, day=day, now=now, **span))
            self._until = settled
        rest = f"(t.state <> 'ended' OR ({_ENDED}))"
        totals = _merged(self._settled, _queued(rest, day=day, now=now, **{"from": settled}))
        return _merged(totals, _at_once(callbot_only, day=day)) if callbot_only else totals


def _merged(one: ByBranch, other: ByBranch) -> dict[str, Totals]:
    keys = {**one, **other}
    return {key: one.get(key, Totals()) + other.get(key, Totals()) for key in keys}


_ENDED = "t.state = 'ended' AND t.ended_at >= %(from)s"  # as its index is made
_HOW = ("person", "callbot", "call_back", "outside", "abandoned", "other", "open")
_QUEUED = """
SELECT branch, count(*),
       {how},
       count(*) FILTER (WHERE first - entered <= %(within)s),
       count(*) FILTER (WHERE first IS NULL AND how = 'open' AND entered > %(now)s - %(within)s),
       coalesce(sum(waited_ms), 0)::bigint, coalesce(max(waited_ms), 0)
FROM (
  SELECT t.branch, e.entered, least(e.answered, e.bot) AS first,
    (extract(epoch FROM e.answered - e.entered) * 1000)::bigint AS waited_ms,
    CASE
      WHEN e.answered IS NOT NULL THEN 'person'
      WHEN c.outcome = 'complete' THEN 'callbot'
      WHEN t.state <> 'ended' THEN 'open'
      WHEN e.call_back OR t.outcome = 'call_back' OR c.outcome = 'handed_over' THEN 'call_back'
      WHEN e.outside THEN 'outside'
      WHEN t.outcome = 'abandoned' THEN 'abandoned'
      ELSE 'other'
    END AS how
  FROM queue_ticket t
  LEFT JOIN contacts_contact c ON c.id = t.contact_id
  CROSS JOIN LATERAL (
    SELECT min(at) FILTER (WHERE kind = 'entered') AS entered,
           min(at) FILTER (WHERE kind = 'answered') AS answered,
           min(at) FILTER (WHERE kind = 'to_bot') AS bot,
           bool_or(kind = 'to_call_back') AS call_back,
           bool_or(kind = 'outside') AS outside
    FROM queue_event WHERE ticket_id = t.id
  ) AS e
  WHERE t.kind = 'call' AND {which} AND e.entered >= %(day)s
) AS call
GROUP BY branch
"""
_AT_ONCE = """
SELECT c.branch, count(*),
       count(*) FILTER (WHERE c.outcome = 'complete'),
       count(*) FILTER (WHERE c.outcome = 'handed_over'),
       count(*) FILTER (WHERE c.outcome = 'abandoned'),
       count(*) FILTER (WHERE c.outcome NOT IN ('', 'complete', 'handed_over', 'abandoned')),
       count(*) FILTER (WHERE c.outcome = '')
FROM calls_call call JOIN contacts_contact c ON c.id = call.contact_id
WHERE call.answered_at >= %(day)s AND c.branch = ANY (%(branches)s)
  AND NOT EXISTS (SELECT FROM queue_ticket t WHERE t.contact_id = c.id)
GROUP BY c.branch
"""


def _queued(which: str, **given: datetime | timedelta) -> dict[str, Totals]:
    """Calls that had a place in the queue; ``which`` is one of our two conditions above."""
    how = ",\n".join(f"count(*) FILTER (WHERE how = '{name}')" for name in _HOW)
    values: dict[str, Any] = {"within": timedelta(seconds=ANSWER_WITHIN_S), **given}
    with connection.cursor() as cursor:
        cursor.execute(_QUEUED.format(how=how, which=which), values)
        return {
            branch: Totals(
                offered=offered,
                **dict(zip(_HOW, rest[: len(_HOW)], strict=True)),
                within=rest[-4],
                fresh=rest[-3],
                waits_ms=rest[-2],
                longest_ms=rest[-1],
            )
            for branch, offered, *rest in cursor.fetchall()
        }


def _at_once(branches: Collection[str], *, day: datetime) -> dict[str, Totals]:
    """Calls that the callbot answered without a queue before it: all of them at once."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_ONCE, {"day": day, "branches": list(branches)})
        return {
            branch: Totals(
                offered=offered,
                callbot=whole,
                call_back=handed_over,
                abandoned=left,
                other=other,
                open=there,
                within=offered,
            )
            for branch, offered, whole, handed_over, left, other, there in cursor.fetchall()
        }
