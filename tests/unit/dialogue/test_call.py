"""What a caller is promised."""

import pytest

from hotline.dialogue.exchange import (
    Ask,
    End,
    Expect,
    Keys,
    Left,
    Say,
    Silence,
    Spoke,
)
from hotline.dialogue.state import Outcome, Source, Stage
from tests.unit.dialogue.talk import (
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
