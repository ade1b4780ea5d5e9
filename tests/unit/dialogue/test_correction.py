"""Correcting one answer without starting again."""

from dataclasses import replace

from hotline.dialogue.exchange import Expect, Keys, Silence, Spoke, Typed, WentTo
from hotline.dialogue.state import Outcome, Stage
from tests.unit.dialogue.sample import BOOK, HARDSHIP
from tests.unit.dialogue.talk import (
    Talk,
    at_check_your_answers,
    at_the_read_back,
    call,
    keys,
    sayings,
)


def test_one_answer_is_corrected_and_nothing_else_is_asked_again() -> None:
    talk = at_the_read_back()
    assert talk.hears(Keys("2")).asked.expect is Expect.CORRECT
    assert "Số người Bấm phím 3" in sayings(talk.said)
    talk.hears(Keys("3"))
    assert talk.asked.slot == "household"
    assert talk.state.correcting
    talk.hears(Keys("6"))
    assert talk.asked.expect is Expect.CONFIRM
    assert "Số người 6" in sayings(talk.said)
    talk.hears(Keys("1"))
    assert talk.state.outcome is Outcome.COMPLETE
    assert talk.values["household"] == "6"
    assert not talk.state.correcting


def test_a_correction_asks_what_only_now_applies() -> None:
    talk = at_the_read_back().hears(Keys("2"), Keys("2"), Keys("2"))
    assert talk.values["for_whom"] == "other"
    assert talk.asked.slot == "subject_phone"
    assert talk.hears(Keys("0912000111")).asked.expect is Expect.CONFIRM


def test_a_correction_drops_what_no_longer_applies_from_the_result() -> None:
    talk = at_the_read_back(for_whom="2").hears(Keys("2"), Keys("2"), Keys("1"))
    assert talk.asked.expect is Expect.CONFIRM
    assert "Số của người cần giúp" not in sayings(talk.said)
    talk.hears(Keys("1"))
    assert talk.state.outcome is Outcome.COMPLETE
    assert "subject_phone" not in talk.values


def test_who_changes_their_mind_twice_finds_the_first_answer_again() -> None:
    talk = at_the_read_back(for_whom="2").hears(*keys("221"), *keys("222"), Keys("1"))
    assert talk.state.outcome is Outcome.COMPLETE
    assert talk.values["subject_phone"] == "+84912000111"


def test_an_optional_question_that_was_left_out_is_not_asked_again_after_a_correction() -> None:
    talk = call().hears(*keys("21124"), Spoke("p", 1.5), Spoke("d", 2.0), Keys(""), Keys("1"))
    talk.hears(Keys("2"), Keys("1"), Keys("3"))
    assert talk.asked.expect is Expect.CONFIRM
    assert talk.values["need"] == "others"


def test_a_recording_is_corrected_by_a_new_one() -> None:
    talk = at_the_read_back().hears(Keys("2"), Keys("4"), Spoke("r-place-2", 5.0), Keys("1"))
    assert talk.state.answers["place"].recording == "r-place-2"


def test_of_more_than_nine_answers_each_can_be_corrected() -> None:
    slots = tuple(replace(HARDSHIP.slot("household"), key=f"n{at}") for at in range(1, 13))
    scripts = {**BOOK.scripts, "hardship": replace(HARDSHIP, slots=slots)}
    talk = call(book=replace(BOOK, scripts=scripts)).hears(*keys("21"), *keys("5" * 12), Keys("2"))
    assert talk.asked.keys is not None
    assert talk.asked.keys.most == 2
    assert talk.hears(Keys("11")).asked.slot == "n11"


def test_nothing_wrong_after_all() -> None:
    talk = at_the_read_back().hears(Keys("2"), Keys("0"))
    assert talk.asked.expect is Expect.CONFIRM


def test_a_single_answer_is_corrected_without_asking_which() -> None:
    talk = call().hears(*keys("01"), Spoke("r-idea", 3.0), Keys(""))
    assert talk.state.stage is Stage.CONFIRM
    assert talk.hears(Keys("2")).asked.slot == "idea"


def test_silence_while_correcting_keeps_the_first_answer_for_a_person() -> None:
    talk = at_the_read_back().hears(Keys("2"), Keys("3"), Silence(), Silence(), Silence())
    assert talk.state.outcome is Outcome.HANDED_OVER
    assert talk.values["household"] == "4"


def test_silence_at_the_read_back_hands_over_with_everything() -> None:
    talk = at_the_read_back().hears(Silence(), Keys("5"), Silence())
    assert (talk.state.outcome, talk.state.reason) == (Outcome.HANDED_OVER, "no_answer")
    assert len(talk.values) == 6


def test_a_page_goes_back_to_one_answer_and_returns_to_the_check() -> None:
    talk = at_check_your_answers()
    assert talk.asked.expect is Expect.CONFIRM
    talk.hears(WentTo("details"))
    assert talk.asked.slot == "details"
    assert talk.hears(Typed("Hết gạo và sữa")).asked.expect is Expect.CONFIRM
    assert talk.values["details"] == "Hết gạo và sữa"


def test_a_page_may_take_an_optional_answer_back() -> None:
    talk = at_check_your_answers().hears(WentTo("subject_phone"), Typed("  "))
    assert talk.asked.expect is Expect.CONFIRM
    assert "subject_phone" not in talk.values


def test_answers_out_of_reach_cannot_be_jumped_to() -> None:
    talk: Talk = at_check_your_answers()
    state = talk.state
    for slot in ("nothing", "", "idea"):
        talk.hears(WentTo(slot))
        assert talk.state == state
        assert talk.asked.expect is Expect.CONFIRM
