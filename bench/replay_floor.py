"""The hotline's floor in the replay: callers, lines, operators, and how each ends."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bench.replay_state import Became, Caller, End, Lines, Operator, State
from bench.replay_world import Clock, Person, World
from hotline.domain.city.model import City
from hotline.domain.queue.policy import Idle, LineRules, Waiting
from hotline.domain.queue.rules import line_of, rules_of


class Floor(ABC):
    """Who is where; what follows from it is decided by ``_match``."""

    def __init__(self, world: World, city: City, everybody: Sequence[Person], lines: Lines) -> None:
        line = line_of(city, world.branch)
        if line is None:
            raise ValueError("people answer no calls of this branch")
        self._world, self._city, self._lines = world, city, lines
        self._line = line
        self._rules: dict[str, LineRules] = rules_of(city)
        self._clock = Clock()
        self._callers = {person.key: Caller(person) for person in everybody}
        self._waiting: dict[int, Caller] = {}
        self._with_bot: dict[int, Caller] = {}
        self._operators: list[Operator] = []
        self._idle: dict[int, Operator] = {}
        self._at_once = 0
        self.became = Became()

    @abstractmethod
    def _match(self) -> None:
        """Bring together who waits and who is idle."""

    def _change_shift(self) -> None:
        wanted = self._world.on_duty(self._clock.now)
        if not self._operators:
            most = max(shift.operators for shift in self._world.shifts)
            self._operators = [Operator(key) for key in range(most)]
        for operator in self._operators:
            operator.on_duty = operator.key < wanted
            if not operator.on_duty:
                self._idle.pop(operator.key, None)
            elif not operator.busy and operator.key not in self._idle:
                self._ready(operator, self._clock.now)
        self._match()

    def _ready(self, operator: Operator, since: float) -> None:
        operator.busy = False
        if operator.on_duty:
            operator.ready_since = since
            self._idle[operator.key] = operator

    def _free(self, operator: Operator) -> None:
        self._ready(operator, self._clock.now)
        self._match()

    def _place(self, caller: Caller) -> Waiting:
        return Waiting(
            caller.person.key, self._world.branch, self._line.priority, caller.entered_at
        )

    def _ready_ones(self) -> list[Idle]:
        level = {self._world.branch: 1}
        kind = self._line.kinds[0]
        return [Idle(one.key, kind, one.ready_since or 0.0, level) for one in self._idle.values()]

    def _talk_s(self, caller: Caller) -> float:
        """What they told the callbot is not asked again."""
        spared = self._world.callbot.spares * caller.told
        return (1 - spared) * self._world.handling.draw(caller.person.turns)

    def _gone(self, caller: Caller) -> None:
        """The line is free again; a call-back that is open is due again."""
        caller.go(State.AWAY)
        self._waiting.pop(caller.person.key, None)
        self._with_bot.pop(caller.person.key, None)
        self._at_once -= 1

    def _end(self, caller: Caller, end: End) -> None:
        """Once a person; whoever is served after it was too late stays lost."""
        known = self.became.ends.setdefault(caller.person.key, end)
        if known is not end and known is not End.LOST_LATE:
            raise RuntimeError(f"a need that ended as {known} ends as {end}")
        caller.place_at = None
