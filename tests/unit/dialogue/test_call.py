"""What a caller is promised."""

from dataclasses import replace

import pytest

from hotline.dialogue.exchange import (
    Ask,
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
from hotline.dialogue.state import Outcome, Source, Stage
from tests.unit.dialogue.sample import (
    BOOK,
    CALLER,
    CASE,
    SPOKEN_DETAILS,
    SPOKEN_PLACE,
    at_the_read_back,
    call,
    keys,
    sayings,
    text_of,
)


def test_emergency_numbers_are_said_before_the_greeting_and_the_menu() -> None:
    hello, menu = call().said
    assert isinstance(hello, Say)
    assert text_of(hello.parts).startswith("Nguy hiểm xin gọi 115. Tổng đài xin nghe.")
    assert isinstance(menu, Ask)
    assert menu.expect is Expect.MENU


def test_a_call_is_told_asked_read_back_and_complete() -> None:
    talk = at_the_read_back()
    assert talk.asked.expect is Expect.CONFIRM
    assert "Cần giúp Lương thực" in sayings(talk.said)
    assert "Số người 4" in sayings(talk.said)
    assert "Địa chỉ Đã ghi âm lời ông/bà." in sayings(talk.said)
    assert "Số của ông/bà 0901234567" in sayings(talk.said)
    talk.hears(Keys("1"))
    assert talk.said == (End(),)
    assert talk.state.outcome is Outcome.COMPLETE
    assert talk.state.consent is True
    assert talk.values == {
        "need": "food",
        "for_whom": "self",
        "household": "4",
        "place": None,
        "details": None,
        "reporter_phone": CALLER,
    }
    assert talk.state.answers["reporter_phone"].source is Source.CALLER_ID
    assert talk.state.answers["details"].recording == "r-details"
    assert talk.state.answers["details"].seconds == 6.5


def test_a_neighbour_calls_for_somebody_else_and_both_numbers_are_kept() -> None:
    talk = at_the_read_back(for_whom="2").hears(Keys("1"))
    assert talk.state.outcome is Outcome.COMPLETE
    assert talk.values["for_whom"] == "other"
    assert talk.values["subject_phone"] == "+84912000111"
    assert talk.values["reporter_phone"] == CALLER


def test_who_does_not_know_the_neighbours_number_presses_only_hash() -> None:
    talk = call().hears(*keys("21124"), SPOKEN_PLACE, SPOKEN_DETAILS)
    assert talk.asked.slot == "subject_phone"
    talk.hears(Keys(""))
    assert talk.asked.slot == "reporter_phone"
    assert "subject_phone" not in talk.state.answers


def test_another_number_than_the_one_that_calls_can_be_keyed_in() -> None:
    talk = call().hears(*keys("21114"), SPOKEN_PLACE, SPOKEN_DETAILS)
    assert "bấm phím 1 rồi phím thăng" in sayings(talk.said)
    talk.hears(Keys("0283 829 1022".replace(" ", "")))
    assert talk.values["reporter_phone"] == "+842838291022"


def test_a_withheld_number_is_asked_for_and_key_1_is_no_number() -> None:
    talk = call(None).hears(*keys("21114"), SPOKEN_PLACE, SPOKEN_DETAILS)
    assert "bấm phím 1" not in sayings(talk.said)
    talk.hears(Keys("1"))
    assert talk.asked.slot == "reporter_phone"
    assert text_of(talk.asked.problem) == "Số điện thoại này chưa đúng."


def test_a_switchboards_number_is_not_offered_as_ones_own() -> None:
    talk = call("1022").hears(*keys("21114"), SPOKEN_PLACE, SPOKEN_DETAILS)
    assert "bấm phím 1" not in sayings(talk.said)


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        (Silence(), "Tôi chưa nhận được phím nào."),
        (Keys(""), "Tôi chưa nhận được phím nào."),
        (Keys("9"), "Phím này không có trong các lựa chọn."),
        (Spoke("r", 2.0), ""),
    ],
)
def test_at_the_menu_nothing_and_a_wrong_key_are_asked_again(event: Silence, problem: str) -> None:
    talk = call().hears(event)
    assert talk.state.stage is Stage.MENU
    assert text_of(talk.asked.problem) == problem


def test_silence_is_asked_twice_more_and_then_a_person_takes_over() -> None:
    talk = call().hears(Silence(), Silence())
    assert talk.state.stage is Stage.MENU
    talk.hears(Silence())
    assert talk.state.outcome is Outcome.HANDED_OVER
    assert talk.state.reason == "no_answer"
    assert talk.state.callback_number == CALLER


def test_every_question_has_patience_of_its_own() -> None:
    talk = call().hears(Silence(), Silence(), Keys("2"), Silence(), Silence())
    assert talk.state.stage is Stage.CONSENT


def test_silence_at_a_required_question_keeps_what_was_said() -> None:
    talk = call().hears(*keys("2112"), Silence(), Keys("99"), Keys(""))
    assert talk.state.outcome is Outcome.HANDED_OVER
    assert talk.state.reason == "no_answer"
    assert talk.values == {"need": "food", "for_whom": "other"}


def test_who_may_stay_silent_is_asked_once() -> None:
    talk = call().hears(*keys("01"), Spoke("r-idea", 9.0), Silence())
    assert talk.state.stage is Stage.CONFIRM
    assert talk.state.skipped == {"name"}


def test_silence_at_an_optional_question_of_keys_goes_on_after_its_repeats() -> None:
    talk = call().hears(*keys("21124"), SPOKEN_PLACE, SPOKEN_DETAILS, Silence(), Silence())
    assert talk.asked.slot == "subject_phone"
    assert talk.hears(Silence()).asked.slot == "reporter_phone"


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


def test_who_refuses_recording_goes_on_by_keys_and_is_called_back() -> None:
    talk = call().hears(Keys("2"), Keys("2"))
    assert "Chúng tôi không ghi âm" in sayings(talk.said)
    talk.hears(*keys("124"))
    assert talk.asked.slot == "subject_phone"
    talk.hears(Keys(""), Keys("1"))
    assert talk.asked.expect is Expect.CONFIRM
    talk.hears(Keys("1"))
    assert talk.state.outcome is Outcome.HANDED_OVER
    assert talk.state.reason == "refused_recording"
    assert talk.state.consent is False
    assert talk.values == {
        "need": "food",
        "for_whom": "other",
        "household": "4",
        "reporter_phone": CALLER,
    }


def test_no_word_on_recording_counts_as_a_refusal() -> None:
    talk = call().hears(Keys("2"), Silence(), Keys("7"), Silence())
    assert talk.state.consent is False
    assert talk.asked.slot == "need"


def test_who_refuses_recording_where_only_speech_is_asked_is_called_back_at_once() -> None:
    talk = call().hears(Keys("0"), Keys("2"))
    assert talk.said == (End(),)
    assert talk.state.reason == "refused_recording"


def test_an_outside_number_is_said_twice_and_a_call_back_offered() -> None:
    talk = call().hears(Keys("1"))
    assert sayings(talk.said).count("115") == 2
    assert talk.asked.expect is Expect.ANNOUNCEMENT
    wants = call().hears(Keys("1"), Keys("1"))
    assert (wants.state.outcome, wants.state.reason) == (Outcome.HANDED_OVER, "announcement")
    needs_none = call().hears(Keys("1"), Silence())
    assert (needs_none.state.outcome, needs_none.state.script) == (Outcome.COMPLETE, None)
    assert call().hears(Keys("1"), Left()).state.outcome is Outcome.ABANDONED


def test_who_gave_another_number_is_called_back_at_that_one() -> None:
    talk = call().hears(*keys("21114"), SPOKEN_PLACE, SPOKEN_DETAILS, Keys("0912000111"))
    assert talk.hears(Left()).state.callback_number == "+84912000111"


def test_the_number_of_the_person_in_need_is_the_last_resort() -> None:
    talk = call(None).hears(*keys("21124"), SPOKEN_PLACE, SPOKEN_DETAILS, Keys("0912000111"))
    talk.hears(Keys("*"))
    assert talk.state.stage is Stage.NUMBER
    assert talk.hears(Left()).state.callback_number == "+84912000111"


def test_a_known_number_hears_its_case_first_and_adds_to_it() -> None:
    assert call(known=CASE).asked.expect is Expect.KNOWN
    talk = call(known=CASE)
    assert f"{CASE} Yêu cầu đang được xử lý." in sayings(talk.said)
    assert talk.hears(Keys("1")).asked.expect is Expect.CONSENT
    talk.hears(Keys("1"), Spoke("r-more", 5.0), Keys("1"))
    assert talk.state.outcome is Outcome.COMPLETE
    assert talk.state.adding_to == CASE
    assert talk.state.answers["addition"].recording == "r-more"


def test_a_known_number_may_have_something_new() -> None:
    talk = call(known=CASE).hears(Keys("2"))
    assert talk.asked.expect is Expect.MENU
    assert talk.hears(Keys("2"), Left()).state.adding_to is None


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


def test_speech_is_recorded_as_long_as_the_city_allows_and_the_operator_key_ends_it() -> None:
    asked = call().hears(*keys("21114")).asked
    assert asked.expect is Expect.PLACE
    assert asked.speech is not None
    assert (asked.speech.max_s, asked.speech.silence_s, asked.speech.instant) == (120, 3, "*")


def test_a_number_may_have_as_many_digits_as_its_greatest_value() -> None:
    asked = call().hears(*keys("211"), Keys("1")).asked
    assert asked.slot == "household"
    assert asked.keys is not None
    assert asked.keys.most == 2
