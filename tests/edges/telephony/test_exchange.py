"""Callers and people on the fake Asterisk: whatever happens, nobody is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.dialogue.exchange import Keys, Left, OutsideOver, PersonFree, Served, ToCallbot
from hotline.dialogue.state import Outcome
from hotline.domain.queue.seats import Seat
from hotline.edges.adapters.telephony.fake.bridges import FakePhone
from hotline.edges.adapters.telephony.fake.channel import FakeChannel
from hotline.edges.adapters.telephony.floor import RING_TONE
from tests.edges.telephony.memory_queue import CallBackWish, Operator
from tests.edges.telephony.switching import Office, Talk, book, until

BUSY, BROKEN = 17, 38


class Hall(Office):
    """An office with operators."""

    def operator(self, extension: str, **ways: float | None) -> FakePhone:
        self.desk.queue.operators.append(Operator(extension))
        phone = self.asterisk.phones[f"PJSIP/{extension}"] = FakePhone(**ways)  # type: ignore[arg-type]
        return phone

    def outside(self, number: str, **ways: float | None) -> FakePhone:
        self.trunk[number] = f"PJSIP/{number}@trunk"
        phone = self.asterisk.phones[f"PJSIP/{number}@trunk"] = FakePhone(**ways)  # type: ignore[arg-type]
        return phone

    async def waits(self) -> Talk:
        """Somebody has pressed the key of a branch that people answer."""
        talk = await self.ring()
        await talk.is_asked("menu")
        await talk.presses("2")
        await until(lambda: self.seat(talk) is not None)
        return talk

    async def talks(self) -> Talk:
        talk = await self.waits()
        await self.is_in_talk(talk)
        return talk

    async def is_in_talk(self, talk: Talk, *others: FakeChannel) -> None:
        await until(lambda: self.state(talk) == "talking" and self.hear(talk.line, *others))

    def seat(self, talk: Talk) -> Seat | None:
        if talk.line.id not in self.desk.calls:
            return None
        return self.desk.queue.seat_of(talk.held.contact)

    def state(self, talk: Talk) -> str:
        seat = self.seat(talk)
        return seat.state if seat is not None else ""

    def hear(self, *channels: FakeChannel) -> bool:
        """Whether these, among others perhaps, hear each other."""
        bridges = {self.asterisk.exchange.bridge_of(channel.id) for channel in channels}
        apart = any(channel.hears_tone for channel in channels)
        return len(bridges) == 1 and None not in bridges and not apart

    def order(self, talk: Talk, verb: str, argument: str = "") -> None:
        seat = self.seat(talk)
        assert seat is not None
        self.desk.queue.order(seat, verb, argument)

    async def is_tidy(self) -> None:
        """Nothing is left over in Asterisk."""
        await until(
            lambda: (
                not self.asterisk.exchange.members
                and all(channel.ended.is_set() for channel in self.asterisk.channels.values())
            )
        )


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Hall(tmp_path, book=book(first_key_s=1)) as hall:
        yield hall


async def test_a_caller_is_put_through_and_served(hall: Hall) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    operator = phone.calls[-1]
    assert hall.hear(talk.line, operator)
    assert operator.heard[-1] == "sound:beep"
    await operator.hang_up()
    await until(talk.line.ended.is_set)
    await until(lambda: talk.held.left)
    assert talk.held.state.outcome is Outcome.SERVED
    assert hall.desk.queue.operators[0].state == "wrap_up"
    await hall.is_tidy()


async def test_a_caller_who_hangs_up_in_a_talk_was_served(hall: Hall) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    await talk.line.hang_up()
    await until(phone.calls[-1].ended.is_set)
    await until(lambda: talk.held.left)
    assert [type(event) for event in talk.held.events][-2:] == [Served] or Served() in (
        talk.held.events
    )
    assert hall.desk.queue.operators[0].state == "wrap_up"
    await hall.is_tidy()


async def test_who_waits_hears_the_place_and_music(hall: Hall) -> None:
    hall.operator("op101").answers_after_s = 1
    hall.desk.queue.operators[0].state = "busy"
    talk = await hall.waits()
    await until(lambda: "digit-1" in talk.heard or "Ông/bà là người tiếp theo." in talk.heard)
    await until(lambda: talk.heard[-1] == "music")


@pytest.mark.parametrize(("key", "event"), [("1", Keys("1")), ("2", Keys("2"))])
async def test_a_key_leaves_the_queue(hall: Hall, key: str, event: Keys) -> None:
    hall.operator("op101")
    hall.desk.queue.operators[0].state = "busy"
    talk = await hall.waits()
    await until(lambda: talk.heard[-1] == "music")
    await talk.presses(f"9{key}")
    await until(lambda: event in talk.held.events)
    assert Keys("9") not in talk.held.events


async def test_who_leaves_while_the_phone_rings_frees_the_operator(hall: Hall) -> None:
    phone = hall.operator("op101", answers_after_s=None)
    talk = await hall.waits()
    await until(lambda: bool(phone.calls))
    await talk.line.hang_up()
    await until(phone.calls[-1].ended.is_set)
    assert Left() in talk.held.events
    assert hall.desk.queue.operators[0].state == "ready"
    await hall.is_tidy()


@pytest.mark.parametrize(
    ("ways", "reason"),
    [
        ({"answers_after_s": 0.2, "refuses": BUSY}, "busy"),
        ({"answers_after_s": 0.2, "refuses": 21}, "refused"),
        ({"answers_after_s": 0.2, "refuses": BROKEN}, "unreachable"),
    ],
)
async def test_the_next_operator_is_asked(
    hall: Hall, ways: dict[str, float | int | None], reason: str
) -> None:
    hall.operator("op101", **ways)
    second = hall.operator("op102")
    talk = await hall.talks()
    assert hall.hear(talk.line, second.calls[-1])
    first = hall.desk.queue.operators[0]
    assert (first.state, first.reason) == ("paused", reason)


async def test_an_operator_without_a_phone_is_unreachable(hall: Hall) -> None:
    hall.desk.queue.operators.append(Operator("op100"))
    hall.operator("op101")
    await hall.talks()
    assert hall.desk.queue.operators[0].reason == "unreachable"


async def test_hold_is_music_for_the_caller_alone(hall: Hall) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    hall.order(talk, "hold")
    await until(lambda: not hall.hear(talk.line))
    await until(lambda: talk.heard[-1] == "music")
    assert hall.hear(phone.calls[-1])
    hall.order(talk, "resume")
    await hall.is_in_talk(talk, phone.calls[-1])


async def test_consult_and_complete(hall: Hall) -> None:
    phone, third = hall.operator("op101"), hall.outside("115")
    talk = await hall.talks()
    hall.order(talk, "consult", "number:115")
    await until(lambda: bool(third.calls) and hall.hear(phone.calls[-1], third.calls[-1]))
    assert not hall.hear(talk.line)
    assert talk.heard[-1] == "music"
    hall.order(talk, "complete")
    await until(lambda: hall.hear(talk.line, third.calls[-1]))
    await until(phone.calls[-1].ended.is_set)
    assert hall.desk.queue.operators[0].state == "wrap_up"
    await third.calls[-1].hang_up()
    await until(lambda: talk.held.left)
    assert talk.held.state.outcome is Outcome.SERVED
    await hall.is_tidy()


async def test_the_operator_hears_that_a_third_party_is_rung(hall: Hall) -> None:
    phone, third = hall.operator("op101"), hall.outside("115", answers_after_s=30)
    talk = await hall.talks()
    operator = phone.calls[-1]
    hall.order(talk, "consult", "number:115")
    await until(lambda: operator.hears_tone and operator.heard[-1] == RING_TONE)
    assert bool(third.calls)
    assert not third.calls[-1].up
    assert talk.heard[-1] == "music"
    await until(lambda: hall.hear(operator, third.calls[-1]))
    assert operator.heard.count(RING_TONE) == 1


async def test_the_ringing_ends_with_the_try(hall: Hall) -> None:
    """Refused, given up, held all the while: however it ends, the operator is heard again."""
    phone, third = hall.operator("op101"), hall.outside("115", answers_after_s=30)
    talk = await hall.talks()
    operator = phone.calls[-1]
    for held in (False, True):
        if held:
            hall.order(talk, "hold")
            await until(lambda: not hall.hear(talk.line))
        hall.order(talk, "consult", "number:115")
        await until(lambda: operator.hears_tone)
        if held:
            third.refuses = BUSY
            await third.calls[-1].end(BUSY)
        else:
            hall.order(talk, "cancel")
        await until(lambda: not operator.hears_tone)
    assert not hall.hear(talk.line)
    hall.order(talk, "resume")
    await until(lambda: hall.hear(talk.line, operator))
    assert operator.heard.count(RING_TONE) == 2


async def test_three_way_and_one_leaves(hall: Hall) -> None:
    phone, third = hall.operator("op101"), hall.outside("115")
    talk = await hall.talks()
    hall.order(talk, "consult", "number:115")
    await until(lambda: bool(third.calls) and hall.hear(phone.calls[-1], third.calls[-1]))
    hall.order(talk, "three_way")
    await until(lambda: hall.hear(talk.line, phone.calls[-1], third.calls[-1]))
    await third.calls[-1].hang_up()
    await until(lambda: not hall.desk.queue.results or "answered" in hall.desk.queue.results)
    assert hall.hear(talk.line, phone.calls[-1])


async def test_a_third_party_that_is_busy_gives_the_caller_back(hall: Hall) -> None:
    phone = hall.operator("op101")
    hall.outside("115", answers_after_s=0.2, refuses=BUSY)
    talk = await hall.talks()
    hall.order(talk, "consult", "number:115")
    await until(lambda: "busy" in hall.desk.queue.results)
    await hall.is_in_talk(talk, phone.calls[-1])


async def test_cancel_goes_back_to_the_caller(hall: Hall) -> None:
    phone, third = hall.operator("op101"), hall.outside("115", answers_after_s=None)
    talk = await hall.talks()
    hall.order(talk, "consult", "number:115")
    await until(lambda: bool(third.calls))
    hall.order(talk, "cancel")
    await hall.is_in_talk(talk, phone.calls[-1])
    await until(third.calls[-1].ended.is_set)


async def test_blind_transfer(hall: Hall) -> None:
    phone, third = hall.operator("op101"), hall.outside("115")
    talk = await hall.talks()
    hall.order(talk, "blind", "number:115")
    await until(phone.calls[-1].ended.is_set)
    await until(lambda: bool(third.calls) and hall.hear(talk.line, third.calls[-1]))
    await talk.line.hang_up()
    await until(third.calls[-1].ended.is_set)
    await until(lambda: talk.held.state.outcome is Outcome.SERVED)
    await hall.is_tidy()


async def test_a_blind_transfer_that_fails_comes_back(hall: Hall) -> None:
    phone = hall.operator("op101")
    hall.outside("115", answers_after_s=0.2, refuses=BUSY)
    talk = await hall.talks()
    hall.order(talk, "blind", "number:115")
    await until(lambda: hall.state(talk) == "waiting")
    await until(lambda: talk.heard[-1] == "music")
    hall.desk.queue.operators[0].state = "ready"
    await until(lambda: len(phone.calls) == 2)
    await hall.is_in_talk(talk, phone.calls[-1])


async def test_orders_that_cannot_be_done_say_so(hall: Hall) -> None:
    hall.operator("op101")
    talk = await hall.talks()
    for verb, argument in (
        ("consult", "number:999"),
        ("complete", ""),
        ("cancel", ""),
        ("three_way", ""),
    ):
        hall.order(talk, verb, argument)
    await until(lambda: hall.desk.queue.results == ["no_line", "not_now", "not_now", "not_now"])


async def test_a_warning_and_a_number_are_said_into_the_talk(hall: Hall) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    hall.order(talk, "warn")
    hall.order(talk, "tell_number", "number:19")
    await until(lambda: talk.heard[-1] == "digit-9")
    assert any("lịch sự" in words for words in talk.heard)
    assert phone.calls[-1].heard[-1] == "sound:digit-9"
    assert not any("lịch sự" in words for words in phone.calls[-1].heard)


async def test_end_is_a_goodbye(hall: Hall) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    hall.order(talk, "end")
    await until(phone.calls[-1].ended.is_set)
    await until(talk.line.ended.is_set)
    await until(lambda: talk.held.state.outcome is Outcome.SERVED)


@pytest.mark.parametrize("cause", [BROKEN, 16])
async def test_a_broken_line_or_a_hang_up_on_hold_loses_nobody(hall: Hall, cause: int) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    if cause == 16:
        hall.order(talk, "hold")
        await until(lambda: not hall.hear(talk.line))
    await phone.calls[-1].hang_up(cause)
    await until(lambda: hall.state(talk) == "waiting")
    await until(lambda: talk.heard[-1] == "music")
    hall.desk.queue.operators[0].state = "ready"
    await until(lambda: len(phone.calls) == 2)
    await hall.is_in_talk(talk, phone.calls[-1])


async def test_the_callbot_takes_over_and_a_person_is_offered_between_questions(
    hall: Hall,
) -> None:
    phone = hall.operator("op101")
    hall.desk.queue.operators[0].state = "busy"
    talk = await hall.waits()
    seat = hall.seat(talk)
    assert seat is not None
    hall.desk.queue._set(seat, to_bot="busy")
    await until(lambda: ToCallbot("busy") in talk.held.events)
    await talk.is_asked("consent")
    hall.desk.queue._set(seat, offer_person=True)
    await asyncio.sleep(0.4)
    assert PersonFree() not in talk.held.events  # not while a question is being asked
    await talk.presses("1")
    await talk.is_asked("offer")
    hall.desk.queue._set(seat, offer_person=False)
    hall.desk.queue.operators[0].state = "ready"
    await talk.presses("1")
    await hall.is_in_talk(talk)
    assert hall.hear(talk.line, phone.calls[-1])


async def test_a_key_leads_to_a_line_outside(hall: Hall) -> None:
    third = hall.outside("115")
    talk = await hall.ring()
    await talk.is_asked("menu")
    await talk.presses("1")
    await until(lambda: bool(third.calls) and hall.hear(talk.line, third.calls[-1]))
    await third.calls[-1].hang_up()
    await until(lambda: OutsideOver("answered") in talk.held.events)
    await until(talk.line.ended.is_set)
    await hall.is_tidy()


async def test_a_line_outside_that_is_busy_is_announced(hall: Hall) -> None:
    hall.outside("115", answers_after_s=0.2, refuses=BUSY)
    talk = await hall.ring()
    await talk.is_asked("menu")
    await talk.presses("1")
    await talk.is_asked("announcement")
    assert OutsideOver("busy") in talk.held.events


async def test_a_call_back_is_dialled_once_the_operator_is_there(hall: Hall) -> None:
    phone, citizen = hall.operator("op101", answers_after_s=4), hall.outside("+84901")
    hall.desk.queue.wish = CallBackWish("+84901")
    await until(lambda: bool(phone.calls))
    assert not citizen.calls
    await until(lambda: bool(citizen.calls) and hall.hear(phone.calls[-1], citizen.calls[-1]))
    await until(lambda: any(one.state == "talking" for one in hall.desk.queue.seats.values()))
    await citizen.calls[-1].hang_up()
    await until(phone.calls[-1].ended.is_set)
    assert list(hall.desk.queue.outcomes.values()) == ["answered"]
    await hall.is_tidy()


async def test_an_operator_lets_nobody_ring_for_longer_than_they_want(hall: Hall) -> None:
    phone, citizen = hall.operator("op101"), hall.outside("+84901", answers_after_s=60)
    queue = hall.desk.queue
    queue.wish = wish = CallBackWish("+84901")
    await until(lambda: bool(citizen.calls))
    (seat,) = queue.seats.values()
    queue.order(seat, "hold")
    queue.order(seat, "end")
    await until(lambda: wish.attempts == ["cancelled"])
    await until(lambda: phone.calls[-1].ended.is_set() and citizen.calls[-1].ended.is_set())
    await until(lambda: queue.results == ["not_now", "cancelled", "done"])
    assert queue.operators[0].state == "wrap_up"
    await hall.is_tidy()


async def test_who_puts_the_receiver_down_lets_nobody_ring_on(hall: Hall) -> None:
    phone, citizen = hall.operator("op101"), hall.outside("+84901", answers_after_s=60)
    hall.desk.queue.wish = wish = CallBackWish("+84901")
    await until(lambda: bool(citizen.calls))
    await phone.calls[-1].hang_up()
    await until(lambda: wish.attempts == ["cancelled"])
    await until(citizen.calls[-1].ended.is_set)
    assert hall.desk.queue.operators[0].state == "wrap_up"
    await hall.is_tidy()


async def test_a_call_back_that_nobody_answers_frees_the_operator(hall: Hall) -> None:
    phone = hall.operator("op101")
    hall.outside("+84901", answers_after_s=0.2, refuses=BUSY)
    hall.desk.queue.wish = wish = CallBackWish("+84901")
    await until(lambda: wish.attempts == ["busy"])
    await until(phone.calls[-1].ended.is_set)
    assert hall.desk.queue.operators[0].state == "wrap_up"
