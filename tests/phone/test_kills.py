"""The switchboard is killed by -9 in each state of a call with people; the caller keeps sound and
place. Promises of recovery are asserted at three times the promise of 3 s."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from django.utils import timezone

from bench.citizen import in_database
from bench.phone.call import Call
from bench.phone.somebody import Manner
from hotline.domain.calls.models import CallBack
from hotline.domain.queue.models import Ticket
from hotline.domain.workforce.models import Presence
from tests.phone.citizens import Caller, Town, eventually
from tests.phone.crew import (
    CITIZEN,
    FIRST,
    THIRD,
    Crew,
    Floor,
    entered_at,
    hear_each_other,
    hears_only,
    hears_ringing,
    is_in_state,
    offers_of,
    waits,
)
from tests.phone.rig import Rig

pytestmark = [pytest.mark.phone, pytest.mark.long]

BACK_WITHIN_S = 9.0
SETTLES_S = 0.15
"""So long the switchboard has for what it heard in the instant before."""


@pytest.fixture
async def floor(rig: Rig) -> AsyncIterator[Floor]:
    async with Floor(rig) as floor:
        yield floor


async def _killed(rig: Rig) -> None:
    await asyncio.to_thread(rig.kill, "switchboard")


async def test_menu(rig: Rig, town: Town) -> None:
    listening, pressing = await asyncio.gather(town.ring(), town.ring())
    callers = (listening, pressing)
    for caller in callers:
        await caller.hears_question(within_s=10)
    await _killed(rig)  # the menu is being said to both
    since = [caller.call.now for caller in callers]
    await pressing.call.press("2")  # nobody is there to take it
    for caller in callers:
        await caller.call.hears_sound(within_s=1)
    rig.start("switchboard")
    for caller, mark in zip(callers, since, strict=True):
        await caller.hears_question(within_s=BACK_WITHIN_S, since=mark)
    await asyncio.gather(*(caller.answers() for caller in callers))
    for caller in callers:
        assert (await caller.result())["complete"]


async def test_answered_and_not_bridged(rig: Rig, floor: Floor, town: Town) -> None:
    """Asterisk knows that the operator took the call, the queue does not yet."""
    operator, caller = await _rings(floor, town)
    rig.stop("switchboard")
    talk = await operator.takes()
    await caller.call.hears_sound(within_s=1)
    assert await in_database(lambda: _offer_is(caller, "ringing"))
    await _killed(rig)
    await _is_put_through_once(rig, operator, caller, talk)


async def test_answered_and_not_bridged_as_the_queue_knows(
    rig: Rig, floor: Floor, town: Town
) -> None:
    """Asterisk is let run for instants only, until the switchboard has heard and written that
    the operator took the call, and cannot be put through what it asks for then."""
    operator, caller = await _rings(floor, town)
    rig.stop("switchboard")
    talk = await operator.takes()
    rig.stop("asterisk")
    try:
        rig.go_on("switchboard")
        while not await in_database(lambda: _offer_is(caller, "answered")):
            await asyncio.sleep(SETTLES_S)
            assert not await in_database(lambda: _offer_is(caller, "talking"))
            rig.go_on("asterisk")
            rig.stop("asterisk")
        await _killed(rig)
    finally:
        rig.go_on("asterisk")
    await _is_put_through_once(rig, operator, caller, talk)


async def _rings(floor: Floor, town: Town) -> tuple[Crew, Caller]:
    """An operator whose phone rings, and for whom."""
    operator = await floor.operator(FIRST, after_s=1)
    caller = await town.ring()
    await waits(caller)
    async with asyncio.timeout(10):
        while not operator.somebody.rang:
            await asyncio.sleep(0.02)
    return operator, caller


def _offer_is(caller: Caller, state: str) -> bool:
    return [offer.state for offer in offers_of(caller.contact)] == [state]


async def _is_put_through_once(rig: Rig, operator: Crew, caller: Caller, talk: Call) -> None:
    rig.start("switchboard")
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST), within_s=BACK_WITHIN_S)
    await eventually(lambda: _offer_is(caller, "talking"), within_s=BACK_WITHIN_S)
    assert len(operator.somebody.rang) == 1


async def test_queued_then_ringing(rig: Rig, floor: Floor, town: Town) -> None:
    operator = await floor.operator(FIRST, ready=False, after_s=12)
    other = await floor.operator(THIRD, manner=Manner.SILENT)
    caller = await town.ring()
    await waits(caller)
    entered = await entered_at(caller)
    await caller.call.hears(caller.music(), within_s=20)
    await _killed(rig)  # queued, the other's phone ringing
    rig.start("switchboard")
    await operator.is_ready()
    await other.has_state("paused", within_s=30)
    await eventually(lambda: len(offers_of(caller.contact)) == 2, within_s=10)
    await eventually(lambda: bool(operator.somebody.rang), within_s=10)
    await _killed(rig)  # ringing; who answers while nobody is there would be rung again
    await caller.call.hears_sound(within_s=1)
    rig.start("switchboard")
    talk = await operator.takes(within_s=30)
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST), within_s=BACK_WITHIN_S)
    assert len(operator.somebody.rang) == 1
    assert await entered_at(caller) == entered


async def test_bridged_held_and_consulting(rig: Rig, floor: Floor, town: Town) -> None:
    operator = await floor.operator(FIRST)
    outside, number = await floor.line(THIRD)
    caller = await town.ring()
    await waits(caller)
    talk = await operator.takes()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    await _killed(rig)  # bridged: they go on
    await asyncio.sleep(1)
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST), within_s=0.5)
    rig.start("switchboard")
    await operator.orders("consult", f"number:{number}")
    third = await outside.next_call(within_s=10)
    await hear_each_other((talk, FIRST), (third, THIRD))
    await _killed(rig)  # consulting
    rig.start("switchboard")
    await operator.orders("three_way")
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST), (third, THIRD))
    await third.hang_up()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    await operator.orders("hold")
    await hears_only(talk, ())
    await _killed(rig)  # held
    rig.start("switchboard")
    await operator.orders("resume")
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    await _killed(rig)
    await talk.hang_up()  # while nobody sees it: the caller is not dropped
    rig.start("switchboard")
    await is_in_state(caller, "waiting", within_s=BACK_WITHIN_S)
    await operator.has_state("wrap_up")


async def test_asking_somebody_whose_phone_rings(rig: Rig, floor: Floor, town: Town) -> None:
    operator = await floor.operator(FIRST)
    outside, number = await floor.line(THIRD, after_s=9)
    caller = await town.ring()
    await waits(caller)
    talk = await operator.takes()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    await operator.orders("consult", f"number:{number}")
    await hears_ringing(talk)
    await _killed(rig)
    await caller.call.hears_sound(within_s=1)
    rig.start("switchboard")
    await hears_ringing(talk)
    third = await outside.next_call(within_s=15)
    await hear_each_other((talk, FIRST), (third, THIRD), within_s=BACK_WITHIN_S)
    await third.hang_up()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    assert len(outside.rang) == 1


async def test_a_wrap_up_ends_by_itself_and_who_waits_is_put_through(
    rig: Rig, floor: Floor, town: Town
) -> None:
    operator = await floor.operator(FIRST)
    first, second = await town.ring(), await town.ring()
    await waits(first)
    talk = await operator.takes()
    await waits(second)
    await first.call.hang_up()
    await talk.is_hung_up_on(within_s=10)
    await operator.has_state("wrap_up")
    until = (await in_database(lambda: Presence.objects.get(operator=operator.user.pk))).until
    assert until is not None
    await _killed(rig)
    await second.call.hears_sound(within_s=1)
    rig.start("switchboard")
    left_s = (until - timezone.now()).total_seconds()
    again = await operator.takes(within_s=max(0, left_s) + BACK_WITHIN_S)
    assert timezone.now() >= until
    await hear_each_other((second.call, CITIZEN), (again, FIRST))


async def test_a_killed_asterisk_leaves_call_backs_in_the_old_order(
    rig: Rig, floor: Floor, town: Town
) -> None:
    operator = await floor.operator(FIRST)
    first, second = await town.ring(), await town.ring()
    await waits(first)
    await operator.takes()
    await is_in_state(first, "talking")
    await waits(second)
    places = [await entered_at(caller) for caller in (first, second)]
    await asyncio.to_thread(rig.kill_asterisk)
    for caller in (first, second):
        caller.call.vanish()
    await asyncio.to_thread(rig.start_asterisk)
    for caller, place in zip((first, second), places, strict=True):
        waits_for_us = CallBack.objects.filter(contact=caller.contact, closed_at=None)
        await eventually(waits_for_us.exists, within_s=20)
        call_back = await in_database(waits_for_us.get)
        assert call_back.place_at == place
    assert not await in_database(lambda: Ticket.objects.exclude(state="ended").exists())
