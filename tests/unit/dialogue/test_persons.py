"""People beside the callbot: the queue, the offer of a person, lines outside."""

import pytest

from hotline.dialogue.exchange import (
    Announced,
    Ask,
    Digits,
    End,
    Expect,
    Keys,
    Left,
    Outside,
    OutsideOver,
    PersonFree,
    Served,
    ToCallbot,
    Wait,
    Words,
)
from hotline.dialogue.script import Channel
from hotline.dialogue.state import Outcome, Stage
from hotline.dialogue.waiting import waiting_words
from tests.unit.dialogue.sample import BOOK
from tests.unit.dialogue.talk import Talk, call, keys, page


def waiting() -> Talk:
    """Somebody who pressed 2 and waits for an operator."""
    talk = call(staffed=True).hears(Keys("2"))
    assert isinstance(talk.said[-1], Wait)
    return talk


def with_bot() -> Talk:
    """All were busy: the callbot asks for whom it is."""
    talk = waiting().hears(ToCallbot("busy"), *keys("11"))
    assert talk.asked.slot == "for_whom"
    return talk


def words_of(talk: Talk) -> str:
    return " ".join(
        part.text
        for action in talk.said
        if hasattr(action, "parts")
        for part in action.parts
        if isinstance(part, Words)
    )


def test_a_key_of_the_menu_leads_to_people_first() -> None:
    talk = waiting()
    assert talk.state.stage is Stage.QUEUE
    assert talk.said == (Wait(keys="12", every_s=30),)


def test_a_form_never_waits() -> None:
    assert page("2").asked.expect is Expect.CONSENT


@pytest.mark.parametrize("reason", ["busy", "nobody", "closed", "switched"])
def test_the_callbot_says_why_it_takes_over(reason: str) -> None:
    talk = waiting().hears(ToCallbot(reason))
    assert talk.asked.expect is Expect.CONSENT
    assert "Trợ lý tự động" in words_of(talk)


def test_who_wants_the_callbot_now_gets_it() -> None:
    assert waiting().hears(Keys("2")).asked.expect is Expect.CONSENT


def test_who_wants_to_be_called_back_is() -> None:
    talk = waiting().hears(Keys("1"))
    assert talk.state.outcome is Outcome.HANDED_OVER
    assert talk.state.callback_number == "+84901234567"


def test_any_other_key_goes_on_waiting() -> None:
    for key in ("9", "", "*", "12"):
        assert waiting().hears(Keys(key)).state.stage is Stage.QUEUE


def test_the_operator_key_leads_back_into_the_queue_and_on_again_with_every_answer() -> None:
    talk = with_bot().hears(Keys("*"))
    assert isinstance(talk.said[-1], Wait)
    assert talk.values == {"need": "food"}
    back = talk.hears(ToCallbot("busy"))
    assert back.asked.slot == "for_whom"
    assert back.values == {"need": "food"}


@pytest.mark.parametrize("reason", ["nobody", "closed", "switched"])
def test_who_wants_a_person_where_none_is_gets_a_call_back(reason: str) -> None:
    talk = with_bot().hears(Keys("*"), ToCallbot(reason))
    assert talk.state.outcome is Outcome.HANDED_OVER
    assert talk.values == {"need": "food"}


def test_a_person_is_offered_once() -> None:
    talk = with_bot().hears(PersonFree())
    assert talk.asked.expect is Expect.OFFER
    talk.hears(Keys("2"))
    assert talk.asked.slot == "for_whom"
    assert talk.hears(PersonFree()).asked.slot == "for_whom"


def test_who_takes_the_offer_waits_with_every_answer() -> None:
    talk = with_bot().hears(PersonFree(), Keys("1"))
    assert isinstance(talk.said[-1], Wait)
    assert talk.values == {"need": "food"}
    assert talk.state.asked_person


def test_who_does_not_answer_the_offer_goes_on() -> None:
    talk = with_bot().hears(PersonFree(), Keys(""), Keys(""), Keys(""))
    assert talk.asked.slot == "for_whom"


def test_who_was_served_hears_goodbye() -> None:
    talk = waiting().hears(Served())
    assert talk.state.outcome is Outcome.SERVED
    assert talk.said == (End(),)


def test_who_hangs_up_in_the_queue_abandons_it() -> None:
    talk = waiting().hears(Left())
    assert (talk.state.outcome, talk.state.reason) == (Outcome.ABANDONED, "left_queue")


def test_a_closed_branch_says_so_and_offers_a_call_back() -> None:
    talk = waiting().hears(Announced())
    assert talk.asked.expect is Expect.ANNOUNCEMENT
    assert "Ngoài giờ trực." in words_of(talk)
    assert not any(isinstance(part, Digits) for part in talk.asked.parts)
    assert talk.hears(Keys("1")).state.outcome is Outcome.HANDED_OVER


def test_a_branch_of_others_connects_the_caller() -> None:
    talk = call(staffed=True).hears(Keys("1"))
    assert talk.said == (Outside("115"),)
    assert talk.hears(OutsideOver("answered")).state.outcome is Outcome.SERVED


@pytest.mark.parametrize("result", ["busy", "no_answer", "failed", "no_line"])
def test_where_nobody_answers_the_number_is_said_and_a_call_back_offered(result: str) -> None:
    talk = call(staffed=True).hears(Keys("1"), OutsideOver(result))
    assert talk.asked.expect is Expect.ANNOUNCEMENT
    assert Digits("115") in talk.asked.parts


def test_the_waiting_hear_their_place_and_how_to_leave() -> None:
    state = waiting().state
    parts = waiting_words(state, BOOK, position=3, wait_s=130)
    said = [part.text if isinstance(part, Words) else part.digits for part in parts]
    assert "3" in said  # place
    assert said[said.index("Thời gian chờ khoảng") + 1] == "3"  # minutes, rounded up
    assert "Có thể nhắn Zalo." in said
    assert "phím 1" in said[-1]
    assert "phím 2" in said[-1]


def test_nobody_hears_a_number_that_nobody_knows() -> None:
    parts = waiting_words(waiting().state, BOOK, position=None, wait_s=None)
    assert not any(isinstance(part, Digits) for part in parts)


def test_a_branch_without_people_goes_to_the_callbot_at_once() -> None:
    talk = call(staffed=True).hears(Keys("0"))
    assert isinstance(talk.said[-1], Ask)
    assert talk.state.channel is Channel.VOICE
