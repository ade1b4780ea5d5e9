"""What a caller is promised whose talk is broken off: by a wish for a person, a fault of ours,
a hang-up."""

from dataclasses import replace

import pytest

from hotline.dialogue.exchange import (
    End,
    Expect,
    Keys,
    Left,
    RecordingFailed,
    Resumed,
    Say,
    Silence,
    Spoke,
)
from hotline.dialogue.state import Outcome, Stage
from tests.unit.dialogue.sample import BOOK
from tests.unit.dialogue.talk import (
    CALLER,
    SPOKEN_DETAILS,
    SPOKEN_PLACE,
    at_the_read_back,
    call,
    keys,
    text_of,
)


def test_the_operator_key_leads_to_a_person_from_every_question() -> None:
    whole = at_the_read_back(for_whom="2").events
    for count in range(1, len(whole) + 1):
        talk = call().hears(*whole[1:count])
        before = talk.values
        talk.hears(Keys("09*"))
        assert talk.state.outcome is Outcome.HANDED_OVER
        assert talk.state.reason == "asked"
        assert talk.values == before


def test_the_operator_key_of_a_withheld_number_asks_for_a_number_first() -> None:
    talk = call(None).hears(Keys("*"))
    assert talk.asked.expect is Expect.PHONE
    talk.hears(Keys("12"))
    assert text_of(talk.asked.problem) == "Số điện thoại này chưa đúng."
    talk.hears(Keys("113"))
    assert talk.state.stage is Stage.NUMBER
    talk.hears(Keys("0901234567"))
    assert talk.state.outcome is Outcome.HANDED_OVER
    assert (talk.state.reason, talk.state.callback_number) == ("asked", CALLER)


@pytest.mark.parametrize("events", [[Left()], [Silence()] * 3, [Keys("*")] * 3])
def test_who_asked_for_a_person_and_gives_no_number_is_still_handed_over(
    events: list[Keys | Left | Silence],
) -> None:
    talk = call(None).hears(Keys("*"), *events)
    assert talk.state.outcome is Outcome.HANDED_OVER
    assert talk.state.callback_number is None


def test_a_digit_as_operator_key_works_in_the_menu_and_never_breaks_a_number() -> None:
    book = replace(BOOK, menu=replace(BOOK.menu, operator_key="9"))
    assert call(book=book).hears(Keys("9")).state.reason == "asked"
    talk = call(None, book=book).hears(*keys("21114"), SPOKEN_PLACE, SPOKEN_DETAILS)
    assert talk.asked.keys is not None
    assert talk.asked.keys.instant == ""
    talk.hears(Keys("0909090909"))
    assert talk.values["reporter_phone"] == "+84909090909"


def test_who_gave_another_number_is_called_back_at_that_one() -> None:
    talk = call().hears(*keys("21114"), SPOKEN_PLACE, SPOKEN_DETAILS, Keys("0912000111"))
    assert talk.hears(Left()).state.callback_number == "+84912000111"


def test_the_number_of_the_person_in_need_is_the_last_resort() -> None:
    talk = call(None).hears(*keys("21124"), SPOKEN_PLACE, SPOKEN_DETAILS, Keys("0912000111"))
    talk.hears(Keys("*"))
    assert talk.state.stage is Stage.NUMBER
    assert talk.hears(Left()).state.callback_number == "+84912000111"


def test_a_recording_that_fails_is_tried_once_more_then_a_person_takes_over() -> None:
    talk = call().hears(*keys("21114"), Silence(), RecordingFailed())
    assert talk.asked.slot == "place"
    assert "chưa ghi được" in text_of(talk.asked.problem)
    talk.hears(RecordingFailed())
    assert (talk.state.outcome, talk.state.reason) == (Outcome.HANDED_OVER, "recording_failed")
    assert talk.values == {"need": "food", "for_whom": "self", "household": "4"}


def test_a_second_try_that_works_forgets_the_failure() -> None:
    talk = call().hears(*keys("21114"), RecordingFailed(), SPOKEN_PLACE, RecordingFailed())
    assert talk.asked.slot == "details"


def test_an_optional_answer_that_cannot_be_recorded_is_left_out() -> None:
    talk = call().hears(*keys("01"), Spoke("r-idea", 3.0), RecordingFailed(), RecordingFailed())
    assert talk.state.stage is Stage.CONFIRM


@pytest.mark.parametrize("spoke", [Spoke("", 3.0), Spoke("r", 0.0), Spoke("r", float("nan"))])
def test_an_empty_recording_is_no_answer(spoke: Spoke) -> None:
    talk = call().hears(*keys("21114"), spoke)
    assert talk.asked.slot == "place"
    assert "Tôi chưa nghe thấy" in text_of(talk.asked.problem)


def test_hanging_up_keeps_every_answer() -> None:
    talk = call().hears(*keys("211"), Left())
    assert talk.said == (End(),)
    assert talk.state.outcome is Outcome.ABANDONED
    assert talk.values == {"need": "food"}
    assert talk.state.callback_number == CALLER


def test_hanging_up_after_the_end_changes_nothing() -> None:
    talk = at_the_read_back().hears(Keys("1"))
    ended = talk.state
    talk.hears(Left(), Keys("*"), Resumed())
    assert talk.state == ended
    assert talk.said == ()


def test_who_was_interrupted_by_us_hears_an_apology_and_the_same_question() -> None:
    talk = call().hears(*keys("21"), Keys("7"))
    asked, state = talk.asked, talk.state
    talk.hears(Resumed())
    sorry, again = talk.said
    assert isinstance(sorry, Say)
    assert "Tôi xin hỏi lại" in text_of(sorry.parts)
    assert again == replace(asked, problem=())
    assert talk.state == state
