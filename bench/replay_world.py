"""July 2021 as ``bench replay`` sees it: who needs help when, how patient they are, who is on
duty. The same people, with the same patience, meet the rules of 2021 and ours."""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from itertools import accumulate, count, pairwise
from pathlib import Path
from random import Random
from typing import Any

import yaml

HOUR_S = 3600.0
DAY_H = 24
FILE = Path(__file__).with_name("replay-2021.yaml")


@dataclass(frozen=True, slots=True)
class Spread:
    """A lognormal length: its mean in seconds, and its standard deviation by the mean."""

    mean_s: float
    spread: float

    def draw(self, random: Random) -> float:
        variance = math.log(1 + self.spread**2)
        return self.mean_s * math.exp(random.gauss(0, math.sqrt(variance)) - variance / 2)


@dataclass(frozen=True, slots=True)
class Shift:
    """``since``: the hour of the day at which it begins; it lasts until the next one does."""

    since: int
    operators: int


@dataclass(frozen=True, slots=True)
class Redial:
    share: float
    pause_mean_s: float
    most: int


@dataclass(frozen=True, slots=True)
class Callbot:
    leaves: float
    person: float
    takes_offer: float
    spares: float
    spread: float


@dataclass(frozen=True, slots=True)
class Asking:
    """Who presses the key for a call-back, and how long after the waiting begins."""

    share: float
    after_s: float


@dataclass(frozen=True, slots=True)
class Reached:
    """How a call-back fares."""

    picked_up: float
    answered_after_s: float
    rings_s: float
    returns: float
    pause_mean_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Times are seconds since ``begins``. See the file for what each figure means."""

    city: str
    branch: str
    begins: datetime
    hours: int
    calls: int
    taken: int
    profile: tuple[float, ...]
    shifts: tuple[Shift, ...]
    handling: Spread
    operator_answers_s: float
    patience: Spread
    redial: Redial
    callbot: Callbot
    asks_call_back: Asking
    call_back: Reached

    @property
    def ends_s(self) -> float:
        return self.hours * HOUR_S

    def hour_of_day(self, hour: int) -> int:
        """Of the ``hour``-th hour of the window, by the clock on the wall."""
        return (self.begins.hour + hour) % DAY_H

    def arrival_times(self) -> Callable[[float], float]:
        """From a share of the people (0 to 1) to the time at which they first call."""
        weights = [self.profile[self.hour_of_day(hour)] for hour in range(self.hours)]
        before = [0.0, *accumulate(weights)]

        def at(share: float) -> float:
            wanted = share * before[-1]
            hour = min(bisect_right(before, wanted) - 1, self.hours - 1)
            return (hour + (wanted - before[hour]) / weights[hour]) * HOUR_S

        return at

    def on_duty(self, at_s: float) -> int:
        """How many operators the shift of this moment has."""
        hour = (self.begins.hour + self.begins.minute / 60 + at_s / HOUR_S) % DAY_H
        begun = [shift for shift in self.shifts if shift.since <= hour]
        return (begun or self.shifts)[-1].operators

    def shift_changes(self, until_s: float) -> list[float]:
        """When a shift begins, the present one at 0 included."""
        hours = range(math.ceil(until_s / HOUR_S) + 1)
        starts = {shift.since for shift in self.shifts}
        return [0.0, *(h * HOUR_S for h in hours if h and self.hour_of_day(h) in starts)]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """One changed world: what was changed in words, and the world."""

    changed: Mapping[str, object]
    world: World


def load(file: Path = FILE) -> tuple[World, list[Sensitivity]]:
    """Raises KeyError or TypeError for a file that lacks something or has too much."""
    read: dict[str, Any] = yaml.safe_load(file.read_text())
    table = read.pop("sensitivity")
    world = _world(read)
    return world, [Sensitivity(one, _world(_changed(read, one))) for one in table]


def _world(read: Mapping[str, Any]) -> World:
    shifts = tuple(Shift(int(one["from"]), int(one["operators"])) for one in read["shifts"])
    values: dict[str, Any] = {**read, "profile": tuple(read["profile"]), "shifts": shifts}
    for name, shape in _SHAPES.items():
        values[name] = shape(**read[name])
    world = World(**values)
    if len(world.profile) != DAY_H or min(world.profile) <= 0 or world.begins.tzinfo is None:
        raise KeyError("profile: 24 weights above 0; begins: with its time zone")
    if any(one.since >= other.since for one, other in pairwise(shifts)):
        raise KeyError("shifts: in the order of the day")
    return world


_SHAPES: Mapping[str, Callable[..., Any]] = {
    "handling": Spread,
    "patience": Spread,
    "redial": Redial,
    "callbot": Callbot,
    "asks_call_back": Asking,
    "call_back": Reached,
}


def _changed(read: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    changed = {
        key: dict(value) if isinstance(value, dict) else value for key, value in read.items()
    }
    for path, value in changes.items():
        name, _, inner = path.partition(".")
        if inner and inner not in changed[name]:
            raise KeyError(path)
        if inner:
            changed[name][inner] = value
        elif name in changed:
            changed[name] = value
        else:
            raise KeyError(path)
    return changed


class Person:
    """Somebody with one need. What they do does not depend on what happens to others: the
    n-th call is as patient in every world. ``turns`` is for what only our rules ask of them."""

    __slots__ = ("_calls", "arrives_s", "calls", "key", "turns")

    def __init__(self, key: int, seed: int) -> None:
        self._calls = Random(f"{seed}/{key}/calls")
        self.turns = Random(f"{seed}/{key}/turns")
        self.key = key
        self.arrives_s = 0.0
        self.calls = 0

    def call(self, world: World) -> float:
        """They ring (once more); returns how long they are ready to wait, in seconds."""
        self.calls += 1
        return world.patience.draw(self._calls)

    def pause(self, world: World) -> float | None:
        """After a call that nobody answered: seconds until the next, None if they give up."""
        again = self._calls.random() < world.redial.share and self.calls < world.redial.most
        pause = self._calls.expovariate(1 / world.redial.pause_mean_s)
        return pause if again else None


def people(world: World, number: int, *, seed: int) -> list[Person]:
    """Who needs help in the window, in no order. The first n are the same for every number."""
    at, made = world.arrival_times(), []
    for key in range(number):
        person = Person(key, seed)
        person.arrives_s = at(Random(f"{seed}/{key}/arrives").random())
        made.append(person)
    return made


class Clock:
    """A virtual clock: what is to be done, by time, and within an instant in the order in
    which it was planned."""

    def __init__(self) -> None:
        self.now = 0.0
        self._plan: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = count()

    def at(self, when_s: float, do: Callable[..., None], *arguments: Any) -> None:
        heappush(self._plan, (max(when_s, self.now), next(self._order), do, arguments))

    def run(self) -> None:
        """Until nothing is planned any more."""
        while self._plan:
            self.now, _order, do, arguments = heappop(self._plan)
            do(*arguments)
