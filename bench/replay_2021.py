"""The rules of July 2021: one queue, first come first served; nobody rings back, no callbot.
Who is not answered hangs up and rings again, or gives up."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.replay_world import HOUR_S, Clock, Person, World, people

NEAR = 0.002
"""How near the calls of the solved world come to those of 2021."""
ROUNDS_MOST = 12


@dataclass
class Was:
    """What happened in the window: ``answered_soon`` within 20 s; ``calls_by_hour`` of the
    window; ``ends`` by person."""

    calls: int = 0
    answered: int = 0
    answered_soon: int = 0
    calls_by_hour: list[int] = field(default_factory=list)
    ends: dict[int, str] = field(default_factory=dict)

    @property
    def answered_share(self) -> float:
        return self.answered / max(1, self.calls)


class _Hotline:
    def __init__(self, world: World, everybody: Sequence[Person], soon_s: float) -> None:
        self._world = world
        self._soon_s = soon_s
        self._clock = Clock()
        self._waiting: deque[tuple[Person, int]] = deque()
        self._since: dict[int, float] = {}
        self._busy = 0
        self.was = Was(calls_by_hour=[0] * world.hours)
        for person in everybody:
            self._clock.at(person.arrives_s, self._ring, person)
        for when in world.shift_changes(world.ends_s):
            self._clock.at(when, self._serve)

    def run(self) -> None:
        self._clock.run()

    def _ring(self, person: Person) -> None:
        now, world = self._clock.now, self._world
        if now >= world.ends_s:
            self.was.ends[person.key] = "still_ringing"
            return
        self.was.calls += 1
        self.was.calls_by_hour[int(now // HOUR_S)] += 1
        patience_s = person.call(world)
        self._waiting.append((person, person.calls))
        self._since[person.key] = now
        self._clock.at(now + patience_s, self._hang_up, person, person.calls)
        self._serve()

    def _hang_up(self, person: Person, call: int) -> None:
        if person.key not in self._since or person.calls != call:
            return
        del self._since[person.key]
        pause = person.pause(self._world)
        if pause is None:
            self.was.ends[person.key] = "gave_up"
        else:
            self._clock.at(self._clock.now + pause, self._ring, person)

    def _serve(self) -> None:
        now = self._clock.now
        if now >= self._world.ends_s:
            return
        while self._waiting and self._busy < self._world.on_duty(now):
            person, call = self._waiting.popleft()
            if person.key not in self._since or person.calls != call:
                continue  # hung up
            waited = now - self._since.pop(person.key) + self._world.operator_answers_s
            self.was.answered += 1
            self.was.answered_soon += waited <= self._soon_s
            self.was.ends[person.key] = "person"
            self._busy += 1
            self._clock.at(now + self._world.handling.draw(person.turns), self._free)

    def _free(self) -> None:
        self._busy -= 1
        self._serve()


def replay(world: World, number: int, *, seed: int, soon_s: float = 20) -> Was:
    """The window with so many people."""
    hotline = _Hotline(world, people(world, number, seed=seed), soon_s)
    hotline.run()
    return hotline.was


def solve(world: World, *, seed: int) -> tuple[int, Was]:
    """How many people make as many calls as were counted in 2021; and what became of them."""
    number = max(1, round(world.calls * (1 - world.redial.share)))
    for _ in range(ROUNDS_MOST):
        was = replay(world, number, seed=seed)
        if abs(was.calls - world.calls) <= NEAR * world.calls:
            break
        number = max(1, round(number * world.calls / was.calls))
    return number, was
