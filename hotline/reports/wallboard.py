"""What the wallboard shows: the state of the hotline at one moment, as one JSON object."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from hotline.domain.cases.listening import Backlog, backlog
from hotline.domain.city import selectors as cities
from hotline.domain.city.model import City
from hotline.domain.nodes.models import Heartbeat
from hotline.domain.nodes.selectors import FORGOTTEN_AFTER, SILENT_AFTER
from hotline.domain.queue.models import BranchSwitch
from hotline.domain.workforce.models import Presence, PresenceState
from hotline.reports.day_totals import DayTotals, Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchNow:
    """A supervisor has sent the branch elsewhere; ``to`` as in ``queue.SwitchTo``."""

    to: str
    until: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchNow:
    """``waiting`` waits for a person (who is being offered one, included), the longest of them
    since ``oldest``; ``with_bot`` speaks with the callbot, ``talking`` with a person,
    ``outside`` with an outside line. ``staffed``: people answer this branch."""

    branch: str
    staffed: bool
    waiting: int
    oldest: datetime | None
    with_bot: int
    talking: int
    outside: int
    switch: SwitchNow | None
    today: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorNow:
    """``name`` is empty for those who may not read names; ``until`` ends a wrap-up."""

    name: str
    kind: str
    state: str
    reason: str
    since: datetime
    until: datetime | None
    branches: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBacks:
    """Call-backs. ``open`` wait now, ``overdue`` of them for longer than was promised;
    ``asked`` and ``reached`` today."""

    open: int
    overdue: int
    asked: int
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeNow:
    """A process on a machine. ``silent_since``: its last sign of life, if that is too long
    ago. ``calls``: live calls, for switchboards only."""

    process: str
    node: str
    up: bool
    silent_since: datetime | None
    why: str
    calls: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """``day`` is the city's local date; ``city`` the id of the version whose menu is shown;
    ``capacity``: how many calls one switchboard takes at once."""

    at: datetime
    day: str
    city: int
    branches: tuple[BranchNow, ...]
    all: Totals
    operators: tuple[OperatorNow, ...]
    listening: Backlog
    call_backs: CallBacks
    nodes: tuple[NodeNow, ...]
    capacity: int


def snapshot(*, totals: DayTotals, capacity: int, now: datetime) -> Snapshot:
    """Everything as of one moment. ``totals`` may be kept for the next time. Raises NotFound
    before a city is loaded."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            _one_moment()
        version, city = cities.current()
        day = now.astimezone(city.time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
        branches = _branches(city, totals=totals, day=day, now=now)
        return Snapshot(
            at=now,
            day=day.date().isoformat(),
            city=version,
            branches=branches,
            all=sum((branch.today for branch in branches), Totals()),
            operators=_operators(),
            listening=backlog(now),
            call_backs=_call_backs(day=day, now=now),
            nodes=_nodes(now),
            capacity=capacity,
        )


def without_names(seen: Snapshot) -> Snapshot:
    """For those who see how the hotline does, not who does what (observers)."""
    nameless = tuple(replace(one, name="") for one in seen.operators)
    branches = tuple(
        replace(one, switch=replace(one.switch, by="")) if one.switch else one
        for one in seen.branches
    )
    return replace(seen, operators=nameless, branches=branches)


def as_json(seen: Snapshot) -> bytes:
    """One line. Times are ISO 8601 in UTC, durations seconds, shares 0–1."""
    content = asdict(seen)
    for counted, totals in (
        (content["all"], seen.all),
        *zip(
            (branch["today"] for branch in content["branches"]),
            (branch.today for branch in seen.branches),
            strict=True,
        ),
    ):
        counted["service_level"] = totals.service_level
        counted["average_s"] = totals.average_s
    return json.dumps(content, ensure_ascii=False, default=_plain, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))


def _one_moment() -> None:
    """All statements see the same rows, so that the numbers agree with each other."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


_LIVE = """
SELECT t.branch, count(*) FILTER (WHERE t.state IN ('waiting', 'offered')),
       min(greatest(t.entered_at, c.started_at)) FILTER (WHERE t.state IN ('waiting', 'offered')),
       count(*) FILTER (WHERE t.state = 'with_bot'),
       count(*) FILTER (WHERE t.state = 'talking'),
       count(*) FILTER (WHERE t.state = 'outside')
FROM queue_ticket t LEFT JOIN contacts_contact c ON c.id = t.contact_id
WHERE t.state <> 'ended' AND (t.kind = 'call' OR t.state = 'talking')
GROUP BY t.branch
"""
_LIVE_AT_ONCE = """
SELECT c.branch, 0, NULL::timestamptz, count(*), 0, 0
FROM calls_call call JOIN contacts_contact c ON c.id = call.contact_id
WHERE call.ended_at IS NULL AND c.ended_at IS NULL AND c.branch = ANY (%s)
  AND NOT EXISTS (SELECT FROM queue_ticket t WHERE t.contact_id = c.id)
GROUP BY c.branch
"""
_CALL_BACKS = """
SELECT count(*) FILTER (WHERE closed_at IS NULL),
       count(*) FILTER (WHERE closed_at IS NULL AND due_at < %(now)s),
       count(*) FILTER (WHERE created_at >= %(day)s),
       count(*) FILTER (WHERE closed_at >= %(day)s AND result = 'reached')
FROM calls_callback WHERE closed_at IS NULL OR closed_at >= %(day)s
"""


def _branches(
    city: City, *, totals: DayTotals, day: datetime, now: datetime
) -> tuple[BranchNow, ...]:
    """In the order of the menu, then those that only an older menu has."""
    menu = city.menu.branches
    staffed = {branch.key for branch in menu if branch.line is not None}
    at_once = [branch.key for branch in menu if branch.line is None and branch.script is not None]
    live = {row[0]: row[1:] for row in _live(at_once)}
    today = totals.read(day=day, now=now, callbot_only=at_once)
    keys = [branch.key for branch in menu]
    keys += sorted({*live, *today} - set(keys))
    switched = _switches(now)
    return tuple(
        BranchNow(
            branch=key,
            staffed=key in staffed,
            **dict(zip(_STANDING, live.get(key, _NOBODY), strict=True)),
            switch=switched.get(key),
            today=today.get(key, Totals()),
        )
        for key in keys
    )


_STANDING = ("waiting", "oldest", "with_bot", "talking", "outside")
_NOBODY: tuple[Any, ...] = (0, None, 0, 0, 0)


def change_mark() -> tuple[object, ...]:
    """Differs as soon as something happened that the wallboard shows; a cheap look (the newest
    event, the call-backs that are open)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(id) FROM queue_event), count(*), max(id), sum(attempts)"
            " FROM calls_callback WHERE closed_at IS NULL"
        )
        mark: tuple[object, ...] = cursor.fetchone()
    return mark


def _live(at_once: Sequence[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_LIVE)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        if at_once:
            cursor.execute(_LIVE_AT_ONCE, [list(at_once)])
            rows += cursor.fetchall()
    return rows


def _switches(now: datetime) -> Mapping[str, SwitchNow]:
    rows = BranchSwitch.objects.filter(ended_at=None, until__gt=now).select_related("by")
    return {
        row.branch: SwitchNow(to=row.to, until=row.until, by=row.by.display_name) for row in rows
    }


def _operators() -> tuple[OperatorNow, ...]:
    """Those on duty, by name."""
    rows = Presence.objects.exclude(state=PresenceState.OFF).select_related("operator__user")
    found = (
        OperatorNow(
            name=row.operator.user.display_name,
            kind=row.operator.kind,
            state=row.state,
            reason=row.reason,
            since=row.since,
            until=row.until,
            branches=tuple(row.branches),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: (one.name, one.since)))


def _call_backs(*, day: datetime, now: datetime) -> CallBacks:
    with connection.cursor() as cursor:
        cursor.execute(_CALL_BACKS, {"day": day, "now": now})
        waiting, overdue, asked, reached = cursor.fetchone()
    return CallBacks(open=waiting, overdue=overdue, asked=asked, reached=reached)


def _nodes(now: datetime) -> tuple[NodeNow, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT node, count(*) FROM calls_call WHERE ended_at IS NULL GROUP BY node")
        calls = dict(cursor.fetchall())
    rows = Heartbeat.objects.filter(at__gt=now - FORGOTTEN_AFTER).order_by("process", "node")
    return tuple(
        NodeNow(
            process=row.process,
            node=row.node,
            up=row.up and now - row.at <= SILENT_AFTER,
            silent_since=row.at if now - row.at > SILENT_AFTER else None,
            why=row.detail,
            calls=calls.get(row.node, 0) if row.process == "switchboard" else None,
        )
        for row in rows
    )
