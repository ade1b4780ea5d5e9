"""Who speaks with whom, and when a caller does not wait on: pure rules.

Plain values in, decisions out: the services apply them to rows, ``bench replay`` to a
simulated July 2021. Times are seconds since the epoch.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

AGEING_S = 300.0
"""What one step of priority is worth: a caller of priority 1 goes before those of priority 0
who came up to this much earlier, and after all others. So nobody waits for ever: whoever
comes later than this cannot overtake by one step."""
FIRST_GUESS_S = 240.0
"""How long a talk takes while no talk of the branch has been measured."""


@dataclass(frozen=True, slots=True)
class LineRules:
    """A branch's rules (``dialogue.script.Line``), as far as the queue decides by them."""

    branch: str
    kinds: frozenset[str]
    wait_s: float
    widen_s: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place in the queue. ``only`` is the one operator who may get it (a call that they
    asked for themselves); ``key`` any id of the caller's."""

    key: int
    branch: str
    priority: int
    entered_at: float
    only: int | None = None


@dataclass(frozen=True, slots=True)
class Idle:
    """An operator who is ready. ``levels``: the level of skill by branch, 1 is the best, for
    those branches only that they signed on for."""

    key: int
    kind: str
    ready_since: float
    levels: Mapping[str, int]


def rank(*, priority: int, entered_at: float) -> float:
    """Lower goes first. It does not depend on the present: ageing moves everybody alike."""
    return entered_at - priority * AGEING_S


def best_level(waited_s: float, widen_s: float) -> int:
    """The worst level of skill that is asked after this wait: 1 at once, then one more every
    ``widen_s``."""
    return 1 + int(waited_s // widen_s) if widen_s > 0 else 99


def assign(
    waiting: Iterable[Waiting],
    idle: Sequence[Idle],
    rules: Mapping[str, LineRules],
    *,
    now: float,
    busy: Mapping[str, frozenset[int]] | None = None,
) -> list[tuple[int, int]]:
    """Pairs of (waiting key, operator key): callers in the order of their rank; to each the
    operator of the best level among those that their wait has widened to, and of these the
    one who has been idle longest.

    A level that nobody on duty has is no reason to wait: it is skipped (``busy`` names, by
    branch, the levels of those who are on duty but not idle).

    Callers times branches of work, not callers times operators: who is idle is sorted once
    for each branch that somebody waits for."""
    return _serve(waiting, _Free(idle, rules, busy or {}), now)


def _serve(waiting: Iterable[Waiting], free: "_Free", now: float) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for caller in sorted(
        waiting, key=lambda one: (rank(priority=one.priority, entered_at=one.entered_at), one.key)
    ):
        if not free.anybody:
            break
        chosen = free.take(caller, now)
        if chosen is not None:
            pairs.append((caller.key, chosen))
    return pairs


class _Free:
    """Those who are idle, without those who were taken. By branch: the best level first, and
    within a level the one who has been idle longest."""

    def __init__(
        self,
        idle: Sequence[Idle],
        rules: Mapping[str, LineRules],
        busy: Mapping[str, frozenset[int]],
    ) -> None:
        self._idle = {one.key: one for one in idle}
        self._rules = rules
        self._busy = {branch: set(levels) for branch, levels in busy.items()}
        self._order: dict[str, list[tuple[int, float, int]]] = {}

    @property
    def anybody(self) -> bool:
        return bool(self._idle)

    def take(self, caller: Waiting, now: float) -> int | None:
        """The operator for this caller; None if nobody may be asked yet."""
        line = self._rules.get(caller.branch)
        if line is None:
            return None
        if caller.only is not None:
            return caller.only if self._gone(caller.only) else None
        order = self._able(line)
        while order and order[-1][2] not in self._idle:
            order.pop()  # taken for another branch
        if not order:
            return None
        level, _, operator = order[-1]
        better = sum(1 for one in self._busy.get(caller.branch, ()) if one < level)
        if better >= best_level(now - caller.entered_at, line.widen_s):
            return None
        self._gone(operator)
        return operator

    def _gone(self, operator: int) -> bool:
        """From now on busy; False if they were not idle."""
        one = self._idle.pop(operator, None)
        for branch, level in one.levels.items() if one is not None else ():
            line = self._rules.get(branch)
            if line is not None and one is not None and one.kind in line.kinds:
                self._busy.setdefault(branch, set()).add(level)
        return one is not None

    def _able(self, line: LineRules) -> list[tuple[int, float, int]]:
        """The next one to be asked stands last."""
        if line.branch not in self._order:
            self._order[line.branch] = sorted(
                (
                    (one.levels[line.branch], one.ready_since, one.key)
                    for one in self._idle.values()
                    if one.kind in line.kinds and line.branch in one.levels
                ),
                reverse=True,
            )
        return self._order[line.branch]


def overflow_at(*, entered_at: float, wait_s: float) -> float:
    """When the callbot takes over a caller who waits while all are busy."""
    return entered_at + wait_s


def expected_wait(
    *, position: int, on_duty: int, talk_s: float | None, longest_s: float | None = None
) -> float | None:
    """Seconds that the caller at ``position`` (1 is next) may expect to wait: each of
    ``on_duty`` operators ends a talk every ``talk_s`` on average, so the next one frees after
    ``talk_s / on_duty``. None while nobody is on duty; at most ``longest_s``."""
    if on_duty <= 0:
        return None
    expected = position * (talk_s or FIRST_GUESS_S) / on_duty
    return min(expected, longest_s) if longest_s is not None else expected


def person_for(
    with_bot: Iterable[Waiting],
    idle: Sequence[Idle],
    waiting: Iterable[Waiting],
    rules: Mapping[str, LineRules],
    *,
    now: float,
    busy: Mapping[str, frozenset[int]] | None = None,
) -> list[int]:
    """Which callers who speak with the callbot may be offered a person: only operators who
    remain after everybody who waits was served are offered, each to one caller."""
    free = _Free(idle, rules, busy or {})
    _serve(waiting, free, now)
    return [caller for caller, _ in _serve(with_bot, free, now)]


def next_try(*, attempts: int, most: int, every_s: float, now: float) -> float | None:
    """When a call-back that found nobody is tried again; None after the last attempt."""
    return None if attempts >= most else now + every_s
