"""The same answers give the same case on every channel."""

import unicodedata
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.dialogue.exchange import Ask, Event, Keys, Spoke, Typed
from hotline.dialogue.phones import normalise
from hotline.dialogue.progress import complete, values
from hotline.dialogue.reading import read_as_operator
from hotline.dialogue.script import Channel
from hotline.dialogue.state import Answer, Outcome, Source, State
from tests.unit.dialogue.sample import BOOK, HARDSHIP, MENU
from tests.unit.dialogue.strategies import NUMBERS, careful
from tests.unit.dialogue.talk import Talk, call, keys, page


def _says_something(text: str) -> bool:
    """A lone accent, or nothing but space, is no answer on any channel."""
    seen = any(unicodedata.category(char)[0] in "LNPS" for char in text)
    return seen and text.strip().isprintable()


WORDS = st.text(min_size=1, max_size=60).filter(_says_something)


@dataclass(frozen=True)
class Need:
    """What one person has to say, before any channel."""

    kind: str
    for_whom: str
    household: int
    place: str
    street: str
    details: str
    subject_phone: str
    reporter_phone: str


needs = st.builds(
    Need,
    kind=st.sampled_from(["food", "support", "others"]),
    for_whom=st.sampled_from(["self", "other"]),
    household=st.integers(1, 50),
    place=st.sampled_from(["79.760", "79.769.27094"]),
    street=st.sampled_from(["", "12 Lê Lợi", "hẻm 3/4"]),
    details=st.sampled_from(["Hết gạo", "Cần sữa 🍼", "<b>Gạo</b>"]) | WORDS,
    subject_phone=st.just("") | NUMBERS,
    reporter_phone=NUMBERS,
)


def on_pages(need: Need, channel: Channel) -> State:
    texts: dict[str | None, Event] = {
        "need": Typed(need.kind),
        "for_whom": Typed(need.for_whom),
        "household": Typed(str(need.household)),
        "place": Typed(need.street, need.place),
        "details": Typed(need.details),
        "subject_phone": Typed(need.subject_phone),
        "reporter_phone": Typed(need.reporter_phone),
    }
    return _told(page(channel=channel).hears(Typed("yes")), texts, Typed("yes"))


def on_the_phone(need: Need) -> State:
    def digit(slot: str, key: str) -> str:
        option = HARDSHIP.slot(slot).option(key)
        assert option is not None
        return option.digit

    pressed: dict[str | None, Event] = {
        "need": Keys(digit("need", need.kind)),
        "for_whom": Keys(digit("for_whom", need.for_whom)),
        "household": Keys(str(need.household)),
        "place": Spoke("r-place", 3.0),
        "details": Spoke("r-details", 3.0),
        "subject_phone": Keys(need.subject_phone),
        "reporter_phone": Keys("1"),
    }
    return _told(call(normalise(need.reporter_phone)).hears(*keys("21")), pressed, Keys("1"))


def _told(talk: Talk, answers: dict[str | None, Event], yes: Event) -> State:
    while isinstance(talk.said[-1], Ask):
        slot = talk.asked.slot
        talk.hears(answers[slot] if slot is not None else yes)
    return talk.state


def listened_to(state: State, need: Need) -> State:
    """An operator hears the recordings and writes down what they hold."""
    heard = {"place": (need.street, need.place), "details": (need.details, None)}
    answers = dict(state.answers)
    for slot, (text, place) in heard.items():
        reading = read_as_operator(
            HARDSHIP.slot(slot), text=text, place=place, menu=MENU, language="vi"
        )
        assert isinstance(reading, Answer)
        assert reading.source is Source.OPERATOR
        answers[slot] = replace(reading, recording=answers[slot].recording)
    return replace(state, answers=answers)


@careful()
@given(needs)
def test_phone_web_chat_and_desk_give_equal_values(need: Need) -> None:
    spoken = on_the_phone(need)
    assert spoken.outcome is Outcome.COMPLETE
    assert complete(spoken, BOOK)
    phone = listened_to(spoken, need)
    for channel in (Channel.WEB, Channel.CHAT, Channel.DESK):
        written = on_pages(need, channel)
        assert written.outcome is Outcome.COMPLETE
        assert values(written) == values(phone)
        assert written.answers["place"].detail == phone.answers["place"].detail


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.CHAT, Channel.DESK])
def test_a_lone_accent_is_no_answer(channel: Channel) -> None:
    talk = page(channel=channel).hears(Typed("yes"), Typed("food"), Typed("self"), Typed("4"))
    talk.hears(Typed("", "79.760"))
    assert talk.asked.slot == "details"
    talk.hears(Typed("\u0300"))
    assert talk.asked.slot == "details"
    assert talk.asked.problem
    assert "details" not in talk.state.answers


@pytest.mark.parametrize("text", ["Hoà Bình", "Trường học đã đóng cửa"])
def test_composed_and_decomposed_vietnamese_are_the_same_answer(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert forms[0] != forms[1]
    slot = HARDSHIP.slot("details")
    first, second = (
        read_as_operator(slot, text=form, place=None, menu=MENU, language="vi") for form in forms
    )
    assert first == second
