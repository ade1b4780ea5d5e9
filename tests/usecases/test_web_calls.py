"""A citizen's page that rings: whose phone it is, for how long, and how often."""

from datetime import datetime, timedelta

import pytest

from hotline.core.errors import Refusal
from hotline.dialogue.exchange import Expect, Keys, Left
from hotline.domain.calls.models import Block, CallBack, WebCall
from hotline.domain.calls.web_calls import KEPT_FOR, LIVES, MOST_A_NUMBER, MOST_AN_ADDRESS, WITHIN
from hotline.domain.city.model import City
from hotline.domain.people.selectors import with_number
from hotline.domain.queue.models import Offer
from hotline.domain.queue.phones import PhoneWanted
from hotline.usecases.block_caller import block_caller
from hotline.usecases.current_talk import current_talk
from hotline.usecases.erase_person import erase_person
from hotline.usecases.go_ready import go_ready
from hotline.usecases.open_web_call import WebPhone, open_web_call
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.quick_call import QuickCalls
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_on import sign_on
from hotline.usecases.take_call import take_call
from hotline.usecases.talk_began import talk_began
from tests import stories
from tests.people import CITIZEN, CITIZEN_E164, NEIGHBOUR, People
from tests.workforce import operators

ADDRESS = "203.0.113.7"


def wanted(*, now: datetime) -> tuple[PhoneWanted, ...]:
    return run_queue(node="test", dials=False, now=now).phones


def ring(number: str = CITIZEN, *, address: str = ADDRESS, now: datetime) -> WebPhone:
    return open_web_call(number=number, address=address, now=now)


def refusal(number: str = CITIZEN, *, address: str = ADDRESS, now: datetime) -> str:
    with pytest.raises(Refusal) as refused:
        ring(number, address=address, now=now)
    return refused.value.code


def test_the_page_gets_a_phone_that_shows_the_number_given(city: City, now: datetime) -> None:
    phone = ring("0901 234 567", now=now)
    (made,) = wanted(now=now)
    assert (made.extension, made.password) == (phone.extension, phone.password)
    assert made.browser
    assert made.caller == CITIZEN
    assert phone.extension.startswith("web-")
    row = WebCall.objects.get()
    person = with_number(CITIZEN_E164)
    assert person is not None
    assert row.person_id == person.pk
    for index in (row.number_index, row.address_index):
        assert CITIZEN.encode() not in bytes(index)
        assert ADDRESS.encode() not in bytes(index)


def test_the_phone_lives_for_minutes(city: City, now: datetime) -> None:
    phone = ring(now=now)
    assert phone.until == now + LIVES
    assert len(wanted(now=now + LIVES - timedelta(seconds=1))) == 1
    assert wanted(now=now + LIVES) == ()


def test_two_phones_have_different_names_and_passwords(city: City, now: datetime) -> None:
    first, second = ring(now=now), ring(now=now)
    assert first.extension != second.extension
    assert first.password != second.password


@pytest.mark.parametrize("number", ["", "12", "1022", "115", "abc", "0901 234", "9" * 70])
def test_what_is_no_number_of_a_person_is_refused(city: City, now: datetime, number: str) -> None:
    assert refusal(number, now=now) == "wrong_number"
    assert not WebCall.objects.exists()


def test_one_number_calls_a_few_times_in_ten_minutes(city: City, now: datetime) -> None:
    for turn in range(MOST_A_NUMBER):
        ring(now=now, address=f"203.0.113.{turn}")
    assert refusal("+84 901 234 567", now=now, address="203.0.113.99") == "too_many"
    ring(NEIGHBOUR, now=now)
    ring(now=now + WITHIN)


def test_one_address_calls_more_often_for_many_share_it(city: City, now: datetime) -> None:
    numbers = [f"09012340{turn:02}" for turn in range(MOST_AN_ADDRESS + 1)]
    for number in numbers[:-1]:
        ring(number, now=now)
    assert refusal(numbers[-1], now=now) == "too_many"
    assert refusal(numbers[-1], now=now, address=f"::ffff:{ADDRESS}") == "too_many"
    ring(numbers[-1], now=now, address="203.0.113.8")


def test_a_household_of_the_newer_internet_is_one_address(city: City, now: datetime) -> None:
    for turn in range(MOST_AN_ADDRESS):
        ring(f"09012340{turn:02}", now=now, address=f"2001:db8:1:2::{turn:x}")
    assert refusal(NEIGHBOUR, now=now, address="2001:db8:1:2:ffff::1") == "too_many"
    ring(NEIGHBOUR, now=now, address="2001:db8:1:3::1")


def test_what_was_counted_is_forgotten_after_a_day(city: City, now: datetime) -> None:
    ring(now=now)
    ring(NEIGHBOUR, now=now + KEPT_FOR + timedelta(seconds=1))
    assert WebCall.objects.count() == 1


def test_an_erased_number_has_no_phone(city: City, now: datetime) -> None:
    ring(now=now)
    erase_person(person=WebCall.objects.get().person_id, actor=None, now=now)
    assert wanted(now=now) == ()


def call(at: datetime, *, quick: bool = False) -> stories.Talk:
    """The phone of the page has rung, with the number that was typed."""
    take = QuickCalls().take if quick else take_call
    return stories.Talk(take(channel=f"web-{at}", node="test", number=CITIZEN, now=at), at)


@pytest.mark.parametrize("quick", [False, True])
def test_a_typed_number_opens_no_case_of_its_owner(city: City, now: datetime, quick: bool) -> None:
    stories.web_report(now)
    assert stories.ring(now).ask.expect is Expect.KNOWN
    ring(now=now)
    at = now + LIVES  # the last moment at which the page can ring
    heard = call(at, quick=quick)
    assert heard.ask.expect is Expect.MENU
    assert heard.turn.state.known_case is None
    assert stories.ring(at + timedelta(minutes=2)).ask.expect is Expect.KNOWN


def test_a_typed_number_cancels_nobodys_call_back(city: City, now: datetime) -> None:
    stories.answer_by_voice(stories.choose(stories.ring(now)), until="details").say(Left())
    waiting = CallBack.objects.get()
    ring(now=now)
    done = stories.answer_by_voice(stories.choose(call(now)))
    assert done.ended
    waiting.refresh_from_db()
    assert waiting.closed_at is None


def test_a_typed_number_is_shown_as_such_and_not_blocked(
    city: City, people: People, now: datetime
) -> None:
    operators(people, now=now)
    sign_on(user=people.operator, branches=["2"], phone="sip", now=now)
    go_ready(user=people.operator, now=now)
    ring(now=now)
    call(now).say(Keys("2"))
    run_queue(node="test", dials=False, now=now)
    offer = Offer.objects.get()
    operator_answered(offer=offer.pk, now=now)
    talk_began(offer=offer.pk, now=now)
    talk = current_talk(user=people.operator, now=now)
    assert talk is not None
    assert talk.claimed
    with pytest.raises(Refusal) as refused:
        block_caller(user=people.operator, offer=offer.pk, reason="Chửi bới", days=1, now=now)
    assert refused.value.code == "number_claimed"
    assert not Block.objects.exists()
