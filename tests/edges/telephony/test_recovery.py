"""The switchboard dies by -9 in each state of a call with people, and comes back; or Asterisk
does. The queue's word is made true again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from hotline.dialogue.state import Outcome
from hotline.edges.adapters.telephony.call import HOLD_AFTER_S
from hotline.edges.adapters.telephony.desk import Taken
from hotline.edges.adapters.telephony.floor import RING_TONE
from tests.edges.telephony.memory_queue import CallBackWish
from tests.edges.telephony.switching import book, until
from tests.edges.telephony.test_exchange import BUSY, Hall


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Hall(tmp_path, book=book()) as hall:
        yield hall


async def test_queued(hall: Hall) -> None:
    phone = hall.operator("op101")
    hall.desk.queue.operators[0].state = "busy"
    talk = await hall.waits()
    await until(lambda: talk.heard[-1] == "music")
    await hall.die()
    hall.desk.queue.operators[0].state = "ready"
    await hall.open()
    await until(lambda: bool(phone.calls))
    await hall.is_in_talk(talk, phone.calls[-1])
    # once only: Asterisk answers a channel again when its music has ended, and waits until then
    assert hall.asterisk.asked.count(f"POST channels/{talk.line.id}/answer") == 1


async def test_ringing(hall: Hall) -> None:
    phone = hall.operator("op101", answers_after_s=12)
    talk = await hall.waits()
    await until(lambda: bool(phone.calls))
    await hall.die()
    await hall.open()
    await hall.is_in_talk(talk, phone.calls[-1])
    assert len(phone.calls) == 1


async def test_answered_while_nobody_was_there(hall: Hall) -> None:
    """Asterisk hangs up on them; they are rung again."""
    phone = hall.operator("op101", answers_after_s=4)
    talk = await hall.waits()
    await until(lambda: bool(phone.calls))
    await hall.die()
    await until(phone.calls[-1].ended.is_set)
    await hall.open()
    await until(lambda: len(phone.calls) == 2)
    await hall.is_in_talk(talk, phone.calls[-1])


async def test_answered_and_not_bridged(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found only after the time to ring: who is on the line is put through all the same."""
    monkeypatch.setattr("tests.edges.telephony.memory_queue.RING_S", 1.0)
    phone = hall.operator("op101", answers_after_s=3)
    queue = hall.desk.queue
    with monkeypatch.context() as before:

        async def never(_offer: UUID) -> bool:
            await asyncio.Event().wait()
            return False

        before.setattr(queue, "operator_answered", never)
        talk = await hall.waits()
        await until(lambda: bool(phone.calls) and phone.calls[-1].up)
        await hall.die()
    seat = hall.seat(talk)
    assert seat is not None
    assert seat.offer is not None
    due = seat.offer.ring_until
    await until(lambda: queue.now() > due)
    await hall.open()
    await hall.is_in_talk(talk, phone.calls[-1])
    assert len(phone.calls) == 1


async def test_bridged(hall: Hall) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    heard = len(talk.heard)
    await hall.die()
    assert hall.hear(talk.line, phone.calls[-1])
    await hall.open()
    await hall.is_in_talk(talk, phone.calls[-1])
    assert len(talk.heard) == heard  # nobody spoke into the talk
    await phone.calls[-1].hang_up()
    await until(lambda: talk.held.left)
    assert talk.held.state.outcome is Outcome.SERVED


async def test_bridged_and_taken_up_slowly(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """No music is played into a talk: it would sound for ever, and Asterisk takes nobody out of
    a bridge while it does."""
    phone = hall.operator("op101")
    talk = await hall.talks()
    heard = len(talk.heard)
    await hall.die()
    taken_up, resume = asyncio.Event(), hall.desk.resume

    async def slowly(contact: UUID) -> Taken:
        await asyncio.sleep(HOLD_AFTER_S + 0.5)
        taken_up.set()
        return await resume(contact)

    monkeypatch.setattr(hall.desk, "resume", slowly)
    await hall.open()
    await asyncio.wait_for(taken_up.wait(), 10)
    await hall.is_in_talk(talk, phone.calls[-1])
    assert len(talk.heard) == heard


@pytest.mark.parametrize("who", ["caller", "operator", "both"])
async def test_hung_up_while_nobody_was_there(hall: Hall, who: str) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    await hall.die()
    if who != "operator":
        await talk.line.hang_up()
    if who != "caller":
        await phone.calls[-1].hang_up()
    await hall.open()
    if who == "operator":
        await until(lambda: hall.state(talk) == "waiting")
        await until(lambda: talk.heard[-1] == "music")
    else:
        await until(lambda: talk.held.left)
        await hall.is_tidy()
    assert hall.desk.queue.operators[0].state == "wrap_up"


async def test_held(hall: Hall) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    hall.order(talk, "hold")
    await until(lambda: not hall.hear(talk.line))
    await hall.die()
    await hall.open()
    hall.order(talk, "resume")
    await hall.is_in_talk(talk, phone.calls[-1])


@pytest.mark.parametrize("answered", [True, False])
async def test_consulting(hall: Hall, answered: bool) -> None:
    phone, third = hall.operator("op101"), hall.outside("115", answers_after_s=8)
    talk = await hall.talks()
    hall.order(talk, "consult", "number:115")
    await until(lambda: bool(third.calls))
    if answered:
        await until(lambda: hall.hear(phone.calls[-1], third.calls[-1]))
    await hall.die()
    await hall.open()
    await until(lambda: hall.hear(phone.calls[-1], third.calls[-1]))
    hall.order(talk, "complete")
    await until(lambda: hall.hear(talk.line, third.calls[-1]))
    assert len(third.calls) == 1


async def test_outside(hall: Hall) -> None:
    third = hall.outside("115")
    talk = await hall.ring()
    await talk.is_asked("menu")
    await talk.presses("1")
    await until(lambda: bool(third.calls) and hall.hear(talk.line, third.calls[-1]))
    await hall.die()
    await hall.open()
    assert hall.hear(talk.line, third.calls[-1])
    await third.calls[-1].hang_up()
    await until(lambda: talk.held.left)
    assert talk.held.state.outcome is Outcome.SERVED
    await hall.is_tidy()


@pytest.mark.parametrize("ends", ["answered", "refused"])
async def test_asking_somebody_whose_phone_rings(hall: Hall, ends: str) -> None:
    """The operator's ringing tone goes on meanwhile, and ends for whoever comes first."""
    phone, third = hall.operator("op101"), hall.outside("115", answers_after_s=30)
    talk = await hall.talks()
    operator = phone.calls[-1]
    hall.order(talk, "hold")
    await until(lambda: not hall.hear(talk.line))
    hall.order(talk, "consult", "number:115")
    await until(lambda: operator.hears_tone)
    await hall.die()
    assert operator.hears_tone
    if ends == "refused":  # nobody saw it: the number is dialled again, and refuses again
        third.answers_after_s, third.refuses = 2, BUSY
        await third.calls[-1].end(BUSY)
    await hall.open()
    if ends == "refused":
        await until(lambda: hall.desk.queue.results[-1:] == ["busy"] and not operator.hears_tone)
        hall.order(talk, "resume")
        await until(lambda: hall.hear(talk.line, operator))
    else:
        await until(lambda: hall.hear(operator, third.calls[-1]))
        assert operator.heard.count(RING_TONE) == 1


async def test_a_call_back_that_is_being_dialled(hall: Hall) -> None:
    phone, citizen = hall.operator("op101"), hall.outside("+84901", answers_after_s=20)
    hall.desk.queue.wish = CallBackWish("+84901")
    await until(lambda: bool(citizen.calls))
    await hall.die()
    await hall.open()
    await until(lambda: hall.hear(phone.calls[-1], citizen.calls[-1]))
    assert len(citizen.calls) == 1
    assert len(phone.calls) == 1


async def test_asterisk_is_killed_in_a_talk(hall: Hall) -> None:
    hall.operator("op101")
    talk = await hall.talks()
    hall.asterisk.die()
    await until(lambda: talk.held.left)
    assert talk.held.state.outcome is Outcome.ABANDONED  # they are called back
    assert hall.desk.queue.operators[0].state == "wrap_up"


async def test_a_dropped_connection_leaves_a_talk_alone(hall: Hall) -> None:
    phone = hall.operator("op101")
    talk = await hall.talks()
    heard = len(talk.heard)
    hall.asterisk.drop()
    await until(lambda: "GET bridges" in hall.asterisk.asked[-8:])
    await hall.is_in_talk(talk, phone.calls[-1])
    await phone.calls[-1].hang_up()
    await until(lambda: talk.held.left)
    assert heard <= len(talk.heard)


async def test_a_stranger_of_ours_is_sent_away(hall: Hall) -> None:
    """What another switchboard left and the queue does not know."""
    phone = hall.operator("op101")
    talk = await hall.talks()
    await hall.die()
    seat = hall.seat(talk)
    assert seat is not None
    hall.desk.queue.leave(talk.held.contact, "gone")
    await hall.open()
    await until(phone.calls[-1].ended.is_set)
