"""What a city asks and says, as data: wording, slots, scripts, branches, the menu.

These types are filled from ``cities/<name>/`` (see ``hotline.domain.city``) and are the
only vocabulary that the dialogue knows. Nothing here touches a database or a channel.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Wording = Mapping[str, str | Mapping[str, str]]
"""Words by language (``vi``, ``en``): one text for all channels, or texts by channel
(``voice``, ``web``, ``chat``, ``desk``) with ``default`` for the rest."""


class Channel(StrEnum):
    VOICE = "voice"
    WEB = "web"
    CHAT = "chat"
    DESK = "desk"


def words(wording: Wording, *, language: str, channel: str) -> str:
    """The text of a wording; falls back to ``vi`` where the language has none.

    Raises KeyError when neither the channel nor a default has words: the city's check
    refuses such a file.
    """
    text = wording[language] if language in wording else wording["vi"]
    if isinstance(text, str):
        return text
    return text[channel] if channel in text else text["default"]


class SlotKind(StrEnum):
    CHOICE = "choice"
    NUMBER = "number"
    PHONE = "phone"
    PLACE = "place"
    TEXT = "text"


class Fills(StrEnum):
    """What part of the case an answer becomes; ``note`` stays an answer only."""

    CATEGORY = "category"
    PLACE = "place"
    DETAILS = "details"
    REPORTER_NAME = "reporter.name"
    REPORTER_PHONE = "reporter.phone"
    SUBJECT_NAME = "subject.name"
    SUBJECT_PHONE = "subject.phone"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer of a choice: ``digit`` is its key on the phone, ``category`` what it makes
    of the case when the slot fills the category."""

    key: str
    digit: str
    label: Wording
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A slot is asked only if the choice ``slot`` was answered with one of ``among``."""

    slot: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing to be known. ``label`` names it on forms and in the read-back."""

    key: str
    kind: SlotKind
    label: Wording
    ask: Wording
    fills: Fills = Fills.NOTE
    help: Wording | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    minimum: int = 0
    maximum: int = 999
    when: Condition | None = None

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What must be known about a need. ``category`` is the case's category unless a choice
    that fills the category decides."""

    key: str
    title: Wording
    slots: tuple[Slot, ...]
    category: str | None = None

    def slot(self, key: str) -> Slot:
        """Raises KeyError for a key that the script does not have."""
        for slot in self.slots:
            if slot.key == key:
                return slot
        raise KeyError(key)


class Nobody(StrEnum):
    """What happens to a caller while nobody is on duty for the branch, or it is closed."""

    CALLBOT = "callbot"
    ANNOUNCEMENT = "announcement"  # ``Line.closed_words``, then the offer of a call-back
    CALL_BACK = "call_back"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How people answer a branch. A branch without a line goes to the callbot at once.

    ``hours``: spans of the city's local time, each day, as "08:00-22:00"; empty: always.
    ``kinds``: which kinds of operators (``workforce.OperatorKind``). ``wait_s``: how long all
    may be busy before the callbot takes over. ``ring_s``: how long one phone rings;
    ``widen_s``: after how long each next level of skill is asked too; ``wrap_up_s``: what an
    operator has after a call. ``every_s``: how often the waiting hear their place and
    ``waiting_words`` (Zalo, web). ``priority``: higher goes first, with ageing."""

    hours: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("operator",)
    nobody: Nobody = Nobody.CALLBOT
    closed_words: Wording | None = None
    waiting_words: Wording | None = None
    wait_s: int = 60
    ring_s: int = 15
    widen_s: int = 20
    wrap_up_s: int = 30
    every_s: int = 30
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A key of the phone menu and where it leads: a script, or an outside number that the
    caller is connected with (or, where no trunk leads there, that the voice gives, with the
    offer of a call-back). ``line``: who answers it in person."""

    key: str
    label: Wording
    script: str | None = None
    outside_number: str | None = None
    announcement: Wording | None = None
    urgent: bool = False
    line: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How patient the voice is. Seconds, except ``repeats`` (how often a question is asked
    again before a person takes over)."""

    repeats: int = 2
    first_key_s: float = 7.0
    next_key_s: float = 4.0
    speech_max_s: int = 120
    speech_silence_s: int = 3
    call_max_s: int = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The front door: what the voice says before a script begins.

    ``greeting`` says who speaks, that the call is free and that it is recorded;
    ``emergency`` is said before anything else; ``consent`` asks for agreement to be
    recorded and stored (key 1 yes, key 2 no) and its ``consent_version`` is kept with it;
    ``addition`` names the script by which somebody adds to an open case.
    ``operator_branch`` is the branch whose people take those who press the operator key in
    the menu itself. ``call_back_key`` and ``callbot_key`` leave the queue.
    ``phrases`` replaces words of ``hotline.dialogue.phrases`` by key.
    """

    greeting: Wording
    emergency: Wording
    prompt: Wording
    consent: Wording
    consent_version: str
    branches: tuple[Branch, ...]
    addition: str
    operator_key: str = "*"
    operator_branch: str | None = None
    call_back_key: str = "1"
    callbot_key: str = "2"
    limits: Limits = field(default_factory=Limits)
    phrases: Mapping[str, Wording] = field(default_factory=dict)

    def branch(self, key: str) -> Branch | None:
        return next((branch for branch in self.branches if branch.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything that a dialogue may need of a city: its menu and its scripts by key."""

    menu: Menu
    scripts: Mapping[str, Script]
