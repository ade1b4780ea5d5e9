"""Who is on duty, in one look: what the queue's decisions need of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hotline.domain.queue.policy import Idle, LineRules
from hotline.domain.workforce.models import PresenceState

ANY = "*"
"""Stands for a call-back of no branch: whoever has any skill may make it."""


@dataclass(frozen=True, slots=True)
class Staff:
    """``busy``: the levels of those who are on duty but not idle, by branch; ``on_duty``: how
    many may answer a branch, idle or not. A pause is no duty."""

    idle: Sequence[Idle]
    busy: Mapping[str, frozenset[int]]
    on_duty: Mapping[str, int]

    @property
    def branches(self) -> frozenset[str]:
        """Those that somebody idle has a skill for."""
        return frozenset(branch for one in self.idle for branch in one.levels)


# a colleague who is asked, or was handed a caller, is on a call that no offer of theirs began
ON_DUTY = """
SELECT json_agg(json_build_array(p.operator_id, o.kind,
       CASE WHEN p.state = 'ready' AND p.operator_id = ANY (ARRAY(
              SELECT l.operator_id FROM queue_leg l
              WHERE l.state <> 'ended' AND l.operator_id IS NOT NULL))
            THEN 'busy' ELSE p.state END,
       extract(epoch FROM p.ready_since)::float8, p.branches, p.levels))::text
FROM workforce_presence p JOIN workforce_operator o ON o.user_id = p.operator_id
WHERE p.state IN ('ready', 'offered', 'busy', 'wrap_up')"""
"""For ``staff``; nothing is locked."""


def with_any(rules: Mapping[str, LineRules]) -> dict[str, LineRules]:
    """The rules, and that of call-backs of no branch."""
    kinds = frozenset[str]().union(*(rule.kinds for rule in rules.values()))
    return {**rules, ANY: LineRules(ANY, kinds, 0, 0)}


def staff(read: str | None, rules: Mapping[str, LineRules]) -> Staff:
    """Of what ``ON_DUTY`` gave."""
    return _staff(read or "[]", tuple(rules.values()))


@lru_cache(maxsize=8)
def _staff(read: str, lines: tuple[LineRules, ...]) -> Staff:
    """Kept, as mostly everybody does what they did at the last look."""
    rules = {line.branch: line for line in lines}
    idle: list[Idle] = []
    busy: dict[str, set[int]] = {}
    on_duty: dict[str, int] = {}
    for operator, kind, state, since, branches, levels in json.loads(read):
        skills = {
            branch: level
            for branch, level in zip(branches, levels, strict=True)
            if branch in rules and kind in rules[branch].kinds
        }
        for branch, level in skills.items():
            on_duty[branch] = on_duty.get(branch, 0) + 1
            if state != PresenceState.READY:
                busy.setdefault(branch, set()).add(level)
        if state == PresenceState.READY:
            skills[ANY] = min(levels, default=1)
            idle.append(Idle(operator, kind, since, skills))
    return Staff(idle, {branch: frozenset(one) for branch, one in busy.items()}, on_duty)
