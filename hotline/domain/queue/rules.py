"""What a city says about its branches, as the queue's policy wants it."""

from collections.abc import Mapping
from datetime import datetime

from hotline.dialogue.script import Line
from hotline.domain.city.hours import is_open
from hotline.domain.city.model import City
from hotline.domain.queue.policy import LineRules


def line_of(city: City, branch: str) -> Line | None:
    """How people answer a branch; None where nobody does."""
    found = city.menu.branch(branch)
    return found.line if found is not None else None


def rules_of(city: City) -> dict[str, LineRules]:
    """The rules of every branch that people answer."""
    return {
        branch.key: LineRules(
            branch=branch.key,
            kinds=frozenset(branch.line.kinds),
            wait_s=branch.line.wait_s,
            widen_s=branch.line.widen_s,
        )
        for branch in city.menu.branches
        if branch.line is not None
    }


def open_lines(city: City, *, now: datetime) -> Mapping[str, Line]:
    """The branches that people answer at this time of the day."""
    return {
        branch.key: branch.line
        for branch in city.menu.branches
        if branch.line is not None and is_open(branch.line.hours, now=now, zone=city.time_zone)
    }
