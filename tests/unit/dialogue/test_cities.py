"""Every branch of every city that ships can be told to its end, by voice and on the web."""

from pathlib import Path

import pytest

from hotline.dialogue.begin import begin
from hotline.dialogue.exchange import (
    Ask,
    End,
    Event,
    Expect,
    Keys,
    OutsideOver,
    Spoke,
    Started,
    ToCallbot,
    Typed,
    Words,
)
from hotline.dialogue.phrases import Speaker
from hotline.dialogue.progress import complete, values
from hotline.dialogue.script import Book, Channel, Slot, SlotKind
from hotline.dialogue.spoken import spoken_texts
from hotline.dialogue.state import Outcome, Stage, State
from hotline.dialogue.step import step
from hotline.domain.city.folder import read_folder
from hotline.domain.city.model import City
from tests.unit.dialogue.talk import CALLER

CITIES = sorted((Path(__file__).parents[3] / "cities").iterdir())


@pytest.fixture(params=CITIES, ids=lambda path: path.name, scope="module")
def book(request: pytest.FixtureRequest) -> Book:
    folder: Path = request.param
    return City.from_content(read_folder(folder).content()).book


def answer(book: Book, state: State, *, option: int) -> Event:
    """A plain answer to the present question; of a choice the ``option``-th, if there."""
    voice = state.channel is Channel.VOICE
    if state.stage is Stage.QUEUE:
        return ToCallbot("nobody")
    if state.stage is Stage.OUTSIDE:
        return OutsideOver("no_line")
    if state.slot is None:
        return Keys("1") if voice else Typed("yes")
    slot: Slot = book.scripts[state.script or ""].slot(state.slot)
    match slot.kind:
        case SlotKind.CHOICE:
            chosen = slot.options[min(option, len(slot.options) - 1)]
            return Keys(chosen.digit) if voice else Typed(chosen.key)
        case SlotKind.NUMBER:
            return Keys(str(slot.minimum)) if voice else Typed(str(slot.minimum))
        case SlotKind.PHONE:
            return Keys("0912000111") if voice else Typed("0912 000 111")
        case _ if voice:
            return Spoke(f"r-{slot.key}", 5.0)
        case SlotKind.PLACE:
            return Typed("12 Lê Lợi", "79.760")
        case SlotKind.TEXT:
            return Typed("Hết gạo từ hôm qua.")


def told(book: Book, branch: str, channel: Channel, option: int) -> State:
    state = begin(
        channel=channel, language="vi", caller=CALLER, branch=branch, known_case=None, book=book
    )
    state, actions = step(state, Started(), book=book)
    sayable = spoken_texts(book, ["vi"])
    while not isinstance(actions[-1], End):
        if channel is Channel.VOICE and isinstance(actions[-1], Ask):
            texts = [part.text for part in actions[-1].parts if isinstance(part, Words)]
            assert all(("vi", text) in sayable for text in texts)
        state, actions = step(state, answer(book, state, option=option), book=book)
    return state


@pytest.mark.parametrize("option", range(9))
def test_every_branch_is_told_to_its_end_with_the_same_slots(book: Book, option: int) -> None:
    for branch in book.menu.branches:
        by_voice, by_page = (
            told(book, branch.key, channel, option) for channel in (Channel.VOICE, Channel.WEB)
        )
        if branch.outside_number is not None:
            assert by_voice.outcome is Outcome.HANDED_OVER
            continue
        assert by_voice.outcome is by_page.outcome is Outcome.COMPLETE
        assert complete(by_voice, book)
        heard, written = values(by_voice), values(by_page)
        assert heard.keys() == written.keys()
        assert all(value in {None, written[slot]} for slot, value in heard.items())


def test_every_slot_says_its_keys_or_the_voice_adds_them(book: Book) -> None:
    """A caller always hears how to answer: which key, or to speak after the tone."""
    speaker = Speaker(book.menu, "vi", Channel.VOICE)
    for script in book.scripts.values():
        for slot in script.slots:
            words = speaker.words(slot.ask).text
            match slot.kind:
                case SlotKind.CHOICE:
                    assert all(f"phím {option.digit}" in words for option in slot.options)
                case SlotKind.TEXT | SlotKind.PLACE:
                    assert "tiếng bíp" in words
                case SlotKind.NUMBER:
                    assert "bấm" in words
                case SlotKind.PHONE:
                    assert "bấm" in words or slot.fills.value == "reporter.phone"


def test_a_known_case_is_added_to(book: Book) -> None:
    state = begin(channel=Channel.VOICE, language="vi", known_case="123456789", book=book)
    state, actions = step(state, Started(), book=book)
    asked = actions[-1]
    assert isinstance(asked, Ask)
    assert asked.expect is Expect.KNOWN
    for event in (Keys("1"), Keys("1"), Spoke("r", 3.0), Keys("1")):
        state, _ = step(state, event, book=book)
    assert (state.outcome, state.adding_to) == (Outcome.COMPLETE, "123456789")
