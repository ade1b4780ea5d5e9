"""What somebody who fills in a form is promised."""

import pytest

from hotline.dialogue.begin import begin
from hotline.dialogue.exchange import End, Expect, Keys, Left, Resumed, Started, Typed, WentTo
from hotline.dialogue.progress import complete, missing, progress
from hotline.dialogue.questions import question
from hotline.dialogue.script import Channel
from hotline.dialogue.state import Outcome, Stage
from hotline.dialogue.step import ask_again
from tests.unit.dialogue.sample import BOOK
from tests.unit.dialogue.talk import CASE, at_check_your_answers, page, text_of, typed


def test_a_form_begins_with_the_consent_and_has_neither_keys_nor_speech() -> None:
    talk = page()
    assert talk.asked.expect is Expect.CONSENT
    assert text_of(talk.asked.parts) == "Tôi đồng ý."
    for event in typed("yes", "food", "self", "3"):
        assert talk.asked.keys is None
        assert talk.asked.speech is None
        talk.hears(event)


def test_without_consent_nothing_is_taken_and_the_page_says_why() -> None:
    talk = page().hears(Typed("no"))
    assert talk.state.stage is Stage.CONSENT
    assert talk.state.consent is None
    assert "gọi điện thoại" in text_of(talk.asked.problem)
    assert talk.hears(Typed("yes")).asked.slot == "need"


def test_a_form_is_filled_checked_and_sent() -> None:
    talk = at_check_your_answers()
    assert complete(talk.state, BOOK)
    talk.hears(Typed("yes"))
    assert talk.said == (End(),)
    assert talk.state.outcome is Outcome.COMPLETE
    assert talk.values == {
        "need": "food",
        "for_whom": "other",
        "household": "4",
        "place": "79.760",
        "details": "Hết gạo",
        "subject_phone": "+84912000111",
        "reporter_phone": "+84901234567",
    }
    assert talk.state.answers["place"].detail == "12 Lê Lợi"


def test_a_page_is_as_patient_as_the_person() -> None:
    talk = page().hears(*typed("yes", "food", "self"))
    for _ in range(30):
        talk.hears(Typed("nhiều"))
        assert text_of(talk.asked.problem) == "Xin ghi bằng chữ số."
    assert talk.hears(Typed("7")).values["household"] == "7"


def test_back_and_forth_loses_nothing() -> None:
    talk = page().hears(*typed("yes", "food", "other", "4"))
    assert talk.asked.slot == "place"
    talk.hears(WentTo("need"))
    assert talk.state.answers["household"].value == "4"
    talk.hears(Typed("support"))
    assert talk.asked.slot == "place"
    assert talk.values == {"need": "support", "for_whom": "other", "household": "4"}


def test_progress_counts_what_applies() -> None:
    talk = page().hears(*typed("yes", "food"))
    seen = progress(talk.state, BOOK)
    assert (seen.position, seen.total, seen.previous) == (2, 6, "need")
    talk.hears(Typed("other"))
    seen = progress(talk.state, BOOK)
    assert (seen.position, seen.total, seen.previous) == (3, 7, "for_whom")
    assert [slot.key for slot in missing(talk.state, BOOK)] == [
        "household",
        "place",
        "details",
        "reporter_phone",
    ]
    assert not complete(talk.state, BOOK)


def test_progress_at_the_ends_of_a_form() -> None:
    assert progress(page().state, BOOK).previous is None
    first = progress(page().hears(Typed("yes")).state, BOOK)
    assert (first.position, first.previous) == (1, None)
    last = progress(at_check_your_answers().state, BOOK)
    assert (last.position, last.previous) == (0, "reporter_phone")
    assert [line.answer is not None for line in last.lines] == [True] * 7


def test_a_condition_on_a_slot_that_does_not_apply_does_not_hold() -> None:
    talk = page("4").hears(*typed("yes", "goods", "give", "20"))
    assert [line.slot.key for line in progress(talk.state, BOOK).lines] == [
        "topic",
        "side",
        "amount",
    ]
    talk.hears(WentTo("topic"), Typed("rest"))
    assert [line.slot.key for line in progress(talk.state, BOOK).lines] == ["topic"]


def test_a_page_shows_its_question_without_an_apology_or_an_old_problem() -> None:
    talk = page().hears(*typed("yes", "nonsense"))
    assert talk.asked.problem
    assert question(talk.state, BOOK).problem == ()
    assert ask_again(talk.state, book=BOOK) == (question(talk.state, BOOK),)
    assert talk.hears(Resumed()).said == (question(talk.state, BOOK),)


def test_a_form_that_has_ended_asks_nothing() -> None:
    talk = at_check_your_answers().hears(Typed("yes"))
    assert ask_again(talk.state, book=BOOK) == ()
    with pytest.raises(ValueError, match="ended"):
        question(talk.state, BOOK)


def test_closing_a_form_abandons_it_with_its_answers() -> None:
    talk = page().hears(*typed("yes", "food"), Left())
    assert talk.state.outcome is Outcome.ABANDONED
    assert talk.values == {"need": "food"}


def test_a_branch_that_the_city_does_not_have_leads_to_the_menu() -> None:
    talk = page("8")
    assert talk.asked.expect is Expect.MENU
    assert talk.hears(Typed("2")).asked.expect is Expect.CONSENT


def test_a_page_for_an_outside_number_offers_a_call_back_and_asks_for_a_number() -> None:
    assert page("1").asked.expect is Expect.ANNOUNCEMENT
    talk = page("1")
    assert talk.hears(Typed("yes")).asked.expect is Expect.PHONE
    talk.hears(Typed("not a number"), Typed("0901 234 567"))
    assert talk.state.outcome is Outcome.HANDED_OVER
    assert talk.state.callback_number == "+84901234567"


def test_in_a_chat_the_known_case_comes_first_and_patience_is_bounded() -> None:
    state = begin(channel=Channel.CHAT, language="en", known_case=CASE, book=BOOK)
    assert question(state, BOOK).expect is Expect.KNOWN
    talk = page(channel=Channel.CHAT).hears(Typed("yes"), *typed("a", "b", "c"))
    assert (talk.state.outcome, talk.state.reason) == (Outcome.HANDED_OVER, "no_answer")


def test_an_operators_form_asks_the_same() -> None:
    desk, web = page(channel=Channel.DESK), page()
    for event in typed("yes", "food", "other", "4"):
        assert desk.hears(event).asked.slot == web.hears(event).asked.slot


def test_the_operator_key_is_only_a_character_on_a_page() -> None:
    talk = page().hears(Typed("*"), Keys("*"), Started())
    assert talk.state.stage is Stage.CONSENT
