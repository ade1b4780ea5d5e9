"""How properties are tested: many more examples with HOTLINE_TEST_LONG=1."""

import json
import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from hotline.dialogue.exchange import (
    Announced,
    Event,
    Expect,
    Keys,
    Left,
    OutsideOver,
    PersonFree,
    RecordingFailed,
    Resumed,
    Served,
    Silence,
    Spoke,
    Started,
    ToCallbot,
    Typed,
    WentTo,
)
from hotline.dialogue.progress import answered_slots, script_of
from hotline.dialogue.questions import question
from hotline.dialogue.script import Book, Channel, Slot, SlotKind
from hotline.dialogue.state import Stage, State
from tests.unit.dialogue.sample import BOOK

LONG = os.environ.get("HOTLINE_TEST_LONG") == "1"
EXAMPLES, LONG_EXAMPLES = 150, 3000


def careful(share: float = 1.0) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The number of examples of a property; the short run is the same every time."""
    return settings(
        max_examples=int(share * (LONG_EXAMPLES if LONG else EXAMPLES)),
        deadline=None,
        database=None,
        derandomize=not LONG,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


NUMBERS = st.sampled_from(["0901234567", "0912000111", "02838291022", "0521234567"])
SLOTS = sorted({slot.key for script in BOOK.scripts.values() for slot in script.slots})
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
SECONDS = st.floats(0.1, 120.0)

nonsense: st.SearchStrategy[Event] = st.one_of(
    st.builds(Started),
    st.builds(Resumed),
    st.builds(Silence),
    st.builds(RecordingFailed),
    st.builds(Keys, st.text("0123456789", max_size=14) | ANY_TEXT),
    st.builds(Keys, st.just("*")),
    st.builds(Spoke, ANY_TEXT, st.floats()),
    st.builds(Typed, ANY_TEXT, st.none() | ANY_TEXT),
    st.builds(WentTo, st.sampled_from([*SLOTS, "", "x"])),
    st.builds(Left),
    st.builds(PersonFree),
    st.builds(Announced),
    st.builds(Served),
    st.builds(ToCallbot, st.sampled_from(["busy", "nobody", "closed", "switched", "x"])),
    st.builds(OutsideOver, st.sampled_from(["answered", "busy", "no_answer", "failed", "no_line"])),
)
"""Any event, whatever is being asked."""

failures: st.SearchStrategy[Event] = st.one_of(
    st.builds(Silence),
    st.builds(RecordingFailed),
    st.just(Keys("")),
    st.just(Keys("8")),
    st.just(Spoke("", 0.0)),
    st.just(Typed("?")),
)
"""Events that are no answer to anything in the sample city's calls."""


def sensible(state: State, book: Book) -> st.SearchStrategy[Event]:
    """An answer that fits the present question, as the channel would give it."""
    if state.stage is Stage.QUEUE:
        return st.sampled_from([ToCallbot("busy"), ToCallbot("nobody"), Keys("2")])
    if state.stage is Stage.OUTSIDE:
        return st.sampled_from([OutsideOver("busy"), OutsideOver("no_line")])
    asked, typed = question(state, book), state.channel is not Channel.VOICE
    if asked.slot is not None:
        script = script_of(state, book)
        assert script is not None
        return _to_slot(script.slot(asked.slot), typed)
    match asked.expect:
        case Expect.MENU:
            choices = [branch.key for branch in book.menu.branches]
        case Expect.CORRECT:
            answered = [slot.key for slot in answered_slots(state, book)]
            digits = [str(at) for at in range(1, len(answered) + 1)]
            choices = ["0", *(answered if typed else digits)]
        case Expect.PHONE:
            return _given(NUMBERS, typed)
        case Expect.KNOWN:
            choices = ["add", "new"] if typed else ["1", "2"]
        case _:
            choices = ["yes", "yes", "yes", "no"] if typed else ["1", "1", "1", "2"]
    return _given(st.sampled_from(choices), typed)


def _to_slot(slot: Slot, typed: bool) -> st.SearchStrategy[Event]:
    match slot.kind:
        case SlotKind.CHOICE:
            return _given(
                st.sampled_from([o.key if typed else o.digit for o in slot.options]), typed
            )
        case SlotKind.NUMBER:
            return _given(st.integers(slot.minimum, slot.maximum).map(str), typed)
        case SlotKind.PHONE:
            return _given(NUMBERS, typed)
        case SlotKind.PLACE | SlotKind.TEXT:
            if not typed:
                return st.builds(Spoke, st.uuids().map(str), SECONDS)
            place = st.just("79.760") if slot.kind is SlotKind.PLACE else st.none()
            return st.builds(Typed, st.just("Hết gạo từ hôm qua"), place)


def _given(texts: st.SearchStrategy[str], typed: bool) -> st.SearchStrategy[Event]:
    return texts.map(Typed) if typed else texts.map(Keys)


def like_json(value: Any) -> Any:
    """``value`` after a journey through JSON text."""
    return json.loads(json.dumps(value))
