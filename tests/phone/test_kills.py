"""The switchboard is killed by -9 in each state of a call with people; the caller keeps sound and
place. Promises of recovery are asserted at three times the promise of 3 s."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from django.utils import timezone

from bench.citizen import in_database
from bench.phone.somebody import Manner
from hotline.domain.calls.models import CallBack
from hotline.domain.queue.models import Ticket
from hotline.domain.workforce.models import Presence
from tests.phone.citizens import Town, eventually
from tests.phone.crew import (
    CITIZEN,
    FIRST,
    THIRD,
    Floor,
    entered_at,
    hear_each_other,
    hears_only,
    is_in_state,
    offers_of,
    waits,
)
from tests.phone.rig import Rig

pytestmark = [pytest.mark.phone, pytest.mark.long]

BACK_WITHIN_S = 9.0


@pytest.fixture
async def floor(rig: Rig) -> AsyncIterator[Floor]:
    async with Floor(rig) as floor:
        yield floor


async def _killed(rig: Rig) -> None:
    await asyncio.to_thread(rig.kill, "switchboard")


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
