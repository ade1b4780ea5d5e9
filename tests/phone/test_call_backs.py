"""Whoever is owed a call is rung on a real line, answers, and is put through to the operator who
was reserved for them."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bench.citizen import in_database
from bench.phone.call import Call
from bench.phone.somebody import Manner, Somebody
from hotline.domain.calls.models import CallBack
from hotline.domain.queue.models import Ticket, TicketKind
from tests.phone.citizens import Caller, Town, eventually
from tests.phone.crew import (
    CITIZEN,
    FIRST,
    OTHER,
    Crew,
    Floor,
    entered_at,
    hear_each_other,
    hears_only,
    is_in_state,
    waits,
)
from tests.phone.rig import Rig

pytestmark = pytest.mark.phone

RUNG_WITHIN_S = 20.0
BACK_WITHIN_S = 9.0
"""Three times the promise of 3 s."""


@pytest.fixture
async def floor(rig: Rig) -> AsyncIterator[Floor]:
    async with Floor(rig) as floor:
        yield floor


async def _hung_up_in_the_queue(floor: Floor, town: Town) -> tuple[Crew, Somebody, Caller]:
    """An operator who talks with somebody else, and a citizen who waited behind that one, hung
    up and is at home now, at the number they called from."""
    operator = await floor.operator(FIRST)
    home, number = await floor.line(CITIZEN)
    other, gone = await town.ring(), await town.ring(number=number)
    await waits(other)
    other.call.hum(OTHER)
    talk = await operator.takes()
    await hear_each_other((other.call, OTHER), (talk, FIRST))
    await waits(gone)
    await is_in_state(gone, "waiting")
    await gone.call.hang_up()
    await eventually(
        lambda: CallBack.objects.filter(contact=gone.contact, closed_at=None).exists(),
        within_s=10,
    )
    assert not home.rang  # nobody is free to speak with them
    await other.call.hang_up()
    await talk.is_hung_up_on(within_s=10)
    return operator, home, gone


async def _is_reached(gone: Caller, operator: Crew, talk: Call, answered: Call) -> None:
    """They speak, and the call-back is closed once they have spoken."""
    await hear_each_other((answered, CITIZEN), (talk, FIRST), within_s=BACK_WITHIN_S)
    await answered.hang_up()
    await talk.is_hung_up_on(within_s=10)
    await operator.has_state("wrap_up")
    await eventually(
        lambda: CallBack.objects.filter(
            contact=gone.contact, result="reached", closed_at__isnull=False
        ).exists(),
        within_s=10,
    )


async def test_who_hung_up_in_the_queue_is_rung_and_put_through(floor: Floor, town: Town) -> None:
    operator, home, gone = await _hung_up_in_the_queue(floor, town)
    operator.somebody.after_s = 1.5
    await operator.is_ready()
    await eventually(lambda: len(operator.somebody.rang) == 2, within_s=RUNG_WITHIN_S)
    assert not home.rang  # the operator first: nobody answers a line without a person on it
    talk = await operator.takes()
    answered = await home.next_call(within_s=RUNG_WITHIN_S)
    assert home.rang[0].caller == "1022"
    await _is_reached(gone, operator, talk, answered)
    ticket = await in_database(lambda: Ticket.objects.get(call_back__contact=gone.contact))
    assert ticket.kind == TicketKind.CALL_BACK
    assert ticket.entered_at == await entered_at(gone)
    assert len(home.rang) == 1


async def test_who_does_not_answer_keeps_the_place_and_frees_the_operator(
    floor: Floor, town: Town
) -> None:
    operator, home, gone = await _hung_up_in_the_queue(floor, town)
    home.manner = Manner.BUSY
    await operator.is_ready()
    talk = await operator.takes(within_s=RUNG_WITHIN_S)
    await talk.is_hung_up_on(within_s=RUNG_WITHIN_S)
    await operator.has_state("wrap_up")
    call_back = await in_database(lambda: CallBack.objects.get(contact=gone.contact))
    assert (call_back.attempts, call_back.closed_at) == (1, None)
    assert call_back.place_at == await entered_at(gone)


async def test_who_is_rung_in_vain_is_given_up_by_the_operator(floor: Floor, town: Town) -> None:
    operator, home, gone = await _hung_up_in_the_queue(floor, town)
    home.manner = Manner.SILENT
    await operator.is_ready()
    talk = await operator.takes(within_s=RUNG_WITHIN_S)
    await eventually(lambda: bool(home.rang), within_s=RUNG_WITHIN_S)
    await operator.orders("end")
    await talk.is_hung_up_on(within_s=10)
    async with asyncio.timeout(10):
        await home.rang[0].over.wait()
    await operator.has_state("wrap_up")
    call_back = await in_database(lambda: CallBack.objects.get(contact=gone.contact))
    assert (call_back.attempts, call_back.last_result) == (1, "cancelled")
    assert call_back.closed_at is None


@pytest.mark.long
async def test_a_switchboard_that_is_killed_while_it_rings_them_rings_them_once(
    rig: Rig, floor: Floor, town: Town
) -> None:
    operator, home, gone = await _hung_up_in_the_queue(floor, town)
    home.after_s = 6
    await operator.is_ready()
    talk = await operator.takes(within_s=RUNG_WITHIN_S)
    await eventually(lambda: bool(home.rang), within_s=RUNG_WITHIN_S)
    await asyncio.to_thread(rig.kill, "switchboard")
    rig.start("switchboard")
    await hears_only(talk, ())
    answered = await home.next_call(within_s=RUNG_WITHIN_S)
    await _is_reached(gone, operator, talk, answered)
    assert len(home.rang) == 1
    assert len(operator.somebody.rang) == 2
