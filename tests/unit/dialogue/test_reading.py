"""What counts as an answer to each kind of slot."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.dialogue.exchange import Keys, Silence, Spoke, Typed
from hotline.dialogue.phrases import Speaker
from hotline.dialogue.reading import MAX_TEXT, Problem, Reading, clean_text, read
from hotline.dialogue.script import Channel, Fills, Slot, SlotKind
from hotline.dialogue.state import Answer
from tests.unit.dialogue.sample import HARDSHIP, IDEA, MENU, both
from tests.unit.dialogue.strategies import ANY_TEXT, careful

PAGE = Speaker(MENU, "vi", Channel.WEB)
SALARY = Slot(
    key="salary",
    kind=SlotKind.NUMBER,
    label=both("Lương", "Wage"),
    ask=both("Lương?", "Wage?"),
    minimum=0,
    maximum=100_000_000,
)


def typed(slot: Slot, text: str, place: str | None = None) -> Reading:
    return read(slot, Typed(text, place), speaker=PAGE, caller=None)


def value(reading: Reading) -> str | None:
    assert isinstance(reading, Answer), str(reading)
    return reading.value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.000", "1000"),
        ("1 000", "1000"),
        ("5.000.000", "5000000"),
        ("007", "7"),
        (" 12 ", "12"),
        ("１２", "12"),
        ("0", "0"),
        ("0" * 5000, "0"),
    ],
)
def test_a_number_is_read_as_vietnamese_write_it(text: str, number: str) -> None:
    assert value(typed(SALARY, text)) == number


@pytest.mark.parametrize("text", ["1.5", "1,5", "-3", "ba", "1.00", "1e3", "٣", "½"])
def test_what_is_no_whole_number_is_told_so(text: str) -> None:
    assert str(typed(SALARY, text)) == "Xin ghi bằng chữ số."


@pytest.mark.parametrize("text", ["0", "51", "9" * 5000])
def test_a_number_out_of_bounds_hears_the_bounds(text: str) -> None:
    assert str(typed(HARDSHIP.slot("household"), text)) == "Xin cho một số từ 1 đến 50"


def test_a_choice_is_read_by_its_key_or_its_digit() -> None:
    need = HARDSHIP.slot("need")
    assert value(typed(need, "support")) == "support"
    assert value(typed(need, "2")) == "support"
    assert str(typed(need, "nothing")) == "Xin chọn một trong các câu trả lời."


def test_a_place_must_be_picked() -> None:
    place = HARDSHIP.slot("place")
    for code in (None, "", "a b", "'; --", "x" * 65):
        assert "Xin chọn phường" in str(typed(place, "12 Lê Lợi", code))
    reading = typed(place, " 12 Lê Lợi ", "79.760")
    assert isinstance(reading, Answer)
    assert (reading.value, reading.detail) == ("79.760", "12 Lê Lợi")


def test_an_emergency_number_is_nobodys_own() -> None:
    for number in ("113", "114", "115", "1022"):
        assert "Số này là số khẩn cấp" in str(typed(HARDSHIP.slot("reporter_phone"), number))
    note = Slot(
        key="who_called",
        kind=SlotKind.PHONE,
        label=both("Số gọi đến", "Number that called"),
        ask=both("Số nào gọi?", "Who called?"),
        fills=Fills.NOTE,
    )
    assert value(typed(note, "113")) == "113"


def test_a_foreign_number_is_kept() -> None:
    assert value(typed(HARDSHIP.slot("reporter_phone"), "+1 415 555 2671")) == "+14155552671"


def test_a_text_as_long_as_allowed_is_kept_whole_and_a_longer_one_is_refused() -> None:
    details = HARDSHIP.slot("details")
    assert value(typed(details, "ạ" * MAX_TEXT)) == "ạ" * MAX_TEXT
    decomposed = unicodedata.normalize("NFD", "ạ" * MAX_TEXT)
    assert value(typed(details, decomposed)) == "ạ" * MAX_TEXT
    assert "4.000 ký tự" in str(typed(details, "a" * (MAX_TEXT + 1)))
    assert "4.000 ký tự" in str(typed(details, "a" * 10_000))
    assert "4.000 ký tự" in str(typed(HARDSHIP.slot("place"), "a" * 10_000, "79.760"))


def test_markup_and_emoji_stay_text() -> None:
    details = HARDSHIP.slot("details")
    for text in ("<script>alert(1)</script>", "Cần sữa 👨‍👩‍👧 gấp", "a & b"):
        assert value(typed(details, text)) == text


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x07", "\u200b\u200b"])
def test_nothing_visible_is_no_answer(text: str) -> None:
    assert isinstance(typed(HARDSHIP.slot("details"), text), Problem)
    assert typed(IDEA.slot("name"), text) is None


def test_lines_stay_and_controls_go() -> None:
    assert clean_text("a\r\nb\rc\td\x00\x1b[31m\u202ee") == "a\nb\nc d[31me"


@careful()
@given(ANY_TEXT)
def test_a_cleaned_text_is_clean_and_equal_in_every_form(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert "\x00" not in cleaned
    for form in ("NFC", "NFD"):
        assert clean_text(unicodedata.normalize(form, text)) == cleaned


@careful()
@given(
    st.sampled_from([*HARDSHIP.slots, *IDEA.slots, SALARY]),
    st.builds(Typed, ANY_TEXT, st.none() | ANY_TEXT)
    | st.builds(Keys, ANY_TEXT)
    | st.builds(Spoke, ANY_TEXT, st.floats())
    | st.builds(Silence),
    st.sampled_from(list(Channel)),
)
def test_any_event_is_an_answer_with_content_or_a_problem(
    slot: Slot, event: Typed | Keys | Spoke | Silence, channel: Channel
) -> None:
    reading = read(slot, event, speaker=Speaker(MENU, "vi", channel), caller="+84901234567")
    if isinstance(reading, Answer):
        assert reading.slot == slot.key
        assert reading.value or reading.recording
    elif reading is None:
        assert not slot.required
