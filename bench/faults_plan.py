"""Which faults strike when: drawn from the seed, one by one, at the moments at which somebody
awaits something."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """``*_BEFORE``: nothing has happened yet; ``*_AFTER``: it has, but nobody is told."""

    DROP = "the connection to Asterisk breaks"
    KILL = "kill -9 of the switchboard"
    RESTART = "kill -9 of Asterisk"
    DATABASE_BEFORE = "the database refuses"
    DATABASE_AFTER = "the database does it and is gone"
    DATABASE_AWAY = "the database is away for a while"
    REFUSED = "Asterisk fails with 500"
    ANSWER_LOST = "an answer of Asterisk is lost"
    ANSWER_LATE = "an answer of Asterisk comes late"
    CALLER_GONE = "a caller hangs up at this moment"
    OTHER_GONE = "somebody who was dialled hangs up at this moment"
    ANSWERS = "an operator answers at this moment"


ON_REQUEST = frozenset({Fault.REFUSED, Fault.ANSWER_LOST, Fault.ANSWER_LATE})
ON_DATABASE = frozenset({Fault.DATABASE_BEFORE, Fault.DATABASE_AFTER, Fault.DATABASE_AWAY})
MOST = 5
AWAITS = 300
"""So many moments a run has, about; faults are spread over them."""


@dataclass(frozen=True, slots=True)
class Strike:
    at: int
    fault: Fault


class Plan:
    """``strike`` is called at every moment; ``elsewhere`` is what does the faults that have
    nothing to do with what is just awaited."""

    def __init__(self, random: Random, *, faults: tuple[Fault, ...] = tuple(Fault)) -> None:
        number = random.randint(1, MOST) if faults else 0
        self.strikes = sorted(
            (Strike(random.randrange(AWAITS), random.choice(faults)) for _ in range(number)),
            key=lambda strike: strike.at,
        )
        self.done: list[tuple[float, Fault, str]] = []
        self.moments = 0
        self.healed = False
        self.elsewhere: Callable[[Fault], None] = lambda _fault: None
        self._due: list[Strike] = list(self.strikes)

    def strike(self, here: frozenset[Fault], *, now: float, what: str) -> Fault | None:
        """A moment passes. Returns the fault of ``here`` that hits what is just awaited."""
        self.moments += 1
        if self.healed or not self._due or self._due[0].at > self.moments:
            return None
        fault = self._due[0].fault
        if fault in ON_REQUEST | ON_DATABASE and fault not in here:
            return None  # waits for a moment that it fits
        self._due.pop(0)
        self.done.append((now, fault, what))
        if fault in here:
            return fault
        self.elsewhere(fault)
        return None
