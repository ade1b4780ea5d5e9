"""Dialogues with the sample city, told step by step."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hotline.dialogue.begin import begin
from hotline.dialogue.exchange import (
    Action,
    Ask,
    Digits,
    Event,
    Keys,
    Outside,
    OutsideOver,
    Part,
    Say,
    Spoke,
    Started,
    ToCallbot,
    Typed,
    Wait,
)
from hotline.dialogue.script import Book, Channel
from hotline.dialogue.state import State
from hotline.dialogue.step import step
from tests.unit.dialogue.sample import BOOK

CALLER = "+84901234567"
CASE = "123456789"


@dataclass
class Talk:
    """A dialogue that goes on; ``said`` are the actions of the last step. Unless ``staffed``,
    nobody is on duty and no line leads outside: the callbot goes on at once."""

    state: State
    book: Book = BOOK
    said: tuple[Action, ...] = ()
    events: list[Event] = field(default_factory=list)
    staffed: bool = False

    def hears(self, *events: Event) -> "Talk":
        for event in events:
            self.events.append(event)
            self.state, self.said = step(self.state, event, book=self.book)
            match self.said[-1] if self.said and not self.staffed else None:
                case Wait():
                    self._then(ToCallbot("nobody"))
                case Outside():
                    self._then(OutsideOver("no_line"))
        return self

    def _then(self, event: Event) -> None:
        said = self.said[:-1]
        self.state, after = step(self.state, event, book=self.book)
        self.said = (*said, *after)

    @property
    def asked(self) -> Ask:
        """The question that waits; fails if nothing is asked."""
        last = self.said[-1]
        assert isinstance(last, Ask)
        return last

    @property
    def values(self) -> dict[str, str | None]:
        return {key: answer.value for key, answer in self.state.answers.items()}


def call(
    caller: str | None = CALLER,
    *,
    known: str | None = None,
    book: Book = BOOK,
    staffed: bool = False,
) -> Talk:
    """A telephone call that was just answered."""
    state = begin(
        channel=Channel.VOICE,
        language="vi",
        caller=caller,
        known_case=known,
        known_stage="Yêu cầu đang được xử lý." if known else "",
        book=book,
    )
    return Talk(state, book, staffed=staffed).hears(Started())


def page(branch: str = "2", *, channel: Channel = Channel.WEB) -> Talk:
    """A form, opened at the consent."""
    state = begin(channel=channel, language="vi", branch=branch, book=BOOK)
    return Talk(state).hears(Started())


def keys(digits: str) -> list[Event]:
    """One key after the other, an answer each."""
    return [Keys(digit) for digit in digits]


SPOKEN_PLACE = Spoke("r-place", 4.0)
SPOKEN_DETAILS = Spoke("r-details", 6.5)


def at_the_read_back(caller: str | None = CALLER, *, for_whom: str = "1") -> Talk:
    """A call about food for four people, told to its end: the read-back is being said."""
    talk = call(caller).hears(*keys("21"), Keys("1"), Keys(for_whom), Keys("4"))
    talk.hears(SPOKEN_PLACE, SPOKEN_DETAILS)
    if for_whom == "2":
        talk.hears(Keys("0912000111"))
    return talk.hears(Keys("1") if caller else Keys("0901234567"))


def typed(*texts: str) -> list[Event]:
    return [Typed(text) for text in texts]


def at_check_your_answers() -> Talk:
    """A form about food for somebody else, filled to its last page."""
    talk = page().hears(*typed("yes", "food", "other", "4"))
    talk.hears(Typed("12 Lê Lợi", "79.760"))
    return talk.hears(*typed("Hết gạo", "0912 000 111", "0901 234 567"))


def text_of(parts: Iterable[Part]) -> str:
    return " ".join(part.digits if isinstance(part, Digits) else part.text for part in parts)


def sayings(actions: Iterable[Action]) -> str:
    """All that is said or asked, as one text."""
    return " ".join(
        text_of((*action.problem, *action.parts) if isinstance(action, Ask) else action.parts)
        for action in actions
        if isinstance(action, Say | Ask)
    )
