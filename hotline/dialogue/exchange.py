"""What comes into a dialogue (events) and what it wants done (actions)."""

from dataclasses import dataclass
from enum import StrEnum

# --- events -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """The person is there: the call was answered, the first page opened."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """Our process came back: ask again what was being asked; nothing else changes."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys pressed in answer to the present question, without the closing ``#``; empty if
    only ``#`` was pressed. May hold the operator key."""

    digits: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """A recording of the answer exists under ``recording``, ``seconds`` long."""

    recording: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Typed:
    """Typed or clicked: an option's key, a number, a phone number, text, ``yes``/``no`` to
    consent and confirmation, a slot's key at CORRECT. For a place, ``place`` is the code
    that the person picked (None: not picked yet) and ``text`` the street address."""

    text: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing came in time, or the recording held nothing."""


@dataclass(frozen=True, slots=True)
class RecordingFailed:
    """The answer could not be recorded (disk, media): the voice must go on without."""


@dataclass(frozen=True, slots=True)
class WentTo:
    """Back to one slot to change its answer (forms, chat)."""

    slot: str


@dataclass(frozen=True, slots=True)
class Left:
    """The person hung up or closed the conversation."""


@dataclass(frozen=True, slots=True)
class ToCallbot:
    """The queue cannot give a person now: the callbot takes the information. ``reason``:
    ``busy`` (all were busy for longer than the branch allows), ``nobody`` (nobody is on
    duty), ``closed`` (outside the hours of the branch), ``switched`` (by a supervisor)."""

    reason: str


@dataclass(frozen=True, slots=True)
class PersonFree:
    """An operator has become free while the callbot talks."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The queue does not take this branch now: only its announcement is given."""


@dataclass(frozen=True, slots=True)
class Served:
    """A person spoke with them to the end; what became of it is the operator's form."""


@dataclass(frozen=True, slots=True)
class OutsideOver:
    """The outside line is over. ``result``: ``answered`` (they spoke, and it ended), else
    ``busy``, ``no_answer``, ``failed``, ``no_line`` (no trunk takes this number)."""

    result: str


Event = (
    Started
    | Resumed
    | Keys
    | Spoke
    | Typed
    | Silence
    | RecordingFailed
    | WentTo
    | Left
    | ToCallbot
    | PersonFree
    | Announced
    | Served
    | OutsideOver
)

# --- actions ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """A text to be said or shown, in the dialogue's language."""

    text: str


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits to be said one by one or shown as they are."""

    digits: str


Part = Words | Digits


class Expect(StrEnum):
    """What kind of answer is awaited; screens choose their widget by it."""

    KNOWN = "known"
    MENU = "menu"
    ANNOUNCEMENT = "announcement"
    CONSENT = "consent"
    CHOICE = "choice"
    NUMBER = "number"
    PHONE = "phone"
    PLACE = "place"
    TEXT = "text"
    CONFIRM = "confirm"
    CORRECT = "correct"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class KeyInput:
    """How keys are collected: up to ``most`` digits; ``#`` ends them; a key of ``instant``
    ends them at once (the operator key). Time-outs in seconds, counted from the end of the
    prompt; a key stops the prompt."""

    most: int
    instant: str
    first_s: float
    next_s: float


@dataclass(frozen=True, slots=True)
class SpeechInput:
    """How speech is recorded: at most ``max_s`` seconds, ended by ``silence_s`` seconds of
    silence or by ``#``; a key of ``instant`` ends it at once."""

    max_s: int
    silence_s: int
    instant: str


@dataclass(frozen=True, slots=True)
class Say:
    """Say it (or show it) and go on."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask and wait for exactly one event. ``problem`` is what was wrong with the last answer
    (said before ``parts``, shown above the field). ``keys`` and ``speech`` are None on
    channels without them; where both are set the prompt is played, a key given meanwhile
    decides, else recording begins."""

    expect: Expect
    parts: tuple[Part, ...]
    slot: str | None = None
    problem: tuple[Part, ...] = ()
    keys: KeyInput | None = None
    speech: SpeechInput | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The dialogue is over; ``State.outcome`` says how. What is said last needs the case's
    code and comes from ``hotline.dialogue.farewell``."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The person waits for an operator, with music, until the queue or a key of ``keys``
    decides; any other key changes nothing. ``parts`` are said at the beginning and then every
    ``every_s`` seconds; the queue's position and expected wait are said with them (see
    ``hotline.dialogue.waiting``)."""

    keys: str
    every_s: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """Connect the person with an outside number and wait until that is over."""

    number: str


Action = Say | Ask | End | Wait | Outside
