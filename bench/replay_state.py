"""What ``bench replay`` keeps of everybody while it plays, and what it counts."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from bench.replay_world import Person


class State(StrEnum):
    AWAY = "away"
    WAITING = "waiting"
    OFFERED = "offered"
    WITH_BOT = "with_bot"
    TALKING = "talking"
    BEING_RUNG = "being_rung"


class End(StrEnum):
    """How somebody's need ended; ``LOST``: nobody took it up in time."""

    PERSON = "person"
    CALLBOT = "callbot"
    CALL_BACK = "call_back"
    LOST_LATE = "lost_late"
    LOST_UNREACHABLE = "lost_unreachable"
    LOST_GAVE_UP = "lost_gave_up"


LOST = frozenset({End.LOST_LATE, End.LOST_UNREACHABLE, End.LOST_GAVE_UP})


@dataclass(frozen=True, slots=True)
class Lines:
    """What ``bench calls`` measured: so many callers at once, and a script so long."""

    number: int
    script_s: float


@dataclass
class Became:
    """``answered`` of the calls, by a person or the callbot; ``soon`` of them within 20 s."""

    calls: int = 0
    busy: int = 0
    answered: int = 0
    soon: int = 0
    most_at_once: int = 0
    call_backs: int = 0
    dialled: int = 0
    ends: dict[int, End] = field(default_factory=dict)

    @property
    def lost(self) -> int:
        return sum(end in LOST for end in self.ends.values())

    def count(self) -> Counter[End]:
        return Counter(self.ends.values())


@dataclass(slots=True)
class Caller:
    """A person and where they are. ``turn`` grows with every change, so that a timer of what
    is over does nothing. ``place_at``: their open call-back, with its place; ``told``: how much
    of the script the callbot has heard (0 to 1)."""

    person: Person
    state: State = State.AWAY
    turn: int = 0
    rang_at: float = 0.0
    entered_at: float = 0.0
    answered: bool = False
    by_wish: bool = False
    offered: bool = False
    place_at: float | None = None
    due_since: float = 0.0
    attempts: int = 0
    told: float = 0.0

    def go(self, state: State) -> int:
        self.state, self.turn = state, self.turn + 1
        return self.turn


@dataclass(slots=True)
class Operator:
    key: int
    ready_since: float | None = None
    on_duty: bool = False
    busy: bool = False
