"""Callers and operators on a real Asterisk: who hears whom is measured by their tones."""

from collections.abc import AsyncIterator

import pytest
from django.utils import timezone

from bench.citizen import in_database
from bench.phone.somebody import Manner
from hotline.domain.calls.models import CallBack
from hotline.domain.contacts.models import Contact
from hotline.domain.queue.models import Ticket
from tests.phone.citizens import Town, eventually
from tests.phone.crew import (
    CITIZEN,
    FIRST,
    SECOND,
    THIRD,
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

pytestmark = pytest.mark.phone


@pytest.fixture
async def floor(rig: Rig) -> AsyncIterator[Floor]:
    async with Floor(rig) as floor:
        yield floor


async def test_put_through_held_and_served(floor: Floor, town: Town) -> None:
    operator = await floor.operator(FIRST)
    caller = await town.ring()
    await waits(caller)
    talk = await operator.takes()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    since = caller.call.now
    await operator.orders("hold")
    await hears_only(talk, ())
    await caller.call.hears(caller.music(), within_s=10, since=since)
    await operator.orders("resume")
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    await talk.hang_up()
    await caller.call.is_hung_up_on(within_s=30)
    await operator.has_state("wrap_up")
    await eventually(
        lambda: Contact.objects.filter(pk=caller.contact, ended_at__isnull=False).exists(),
        within_s=10,
    )
    assert not await in_database(
        lambda: CallBack.objects.filter(contact=caller.contact, closed_at=None).exists()
    )


async def test_who_does_not_answer_is_paused_and_the_place_is_kept(
    floor: Floor, town: Town
) -> None:
    busy = await floor.operator(FIRST, manner=Manner.BUSY)
    other = await floor.operator(SECOND)  # was idle for less long
    caller = await town.ring()
    await waits(caller)
    entered = await entered_at(caller)
    await busy.has_state("paused")
    talk = await other.takes()
    await hear_each_other((caller.call, CITIZEN), (talk, SECOND))
    assert await entered_at(caller) == entered
    assert [offer.result for offer in await in_database(lambda: offers_of(caller.contact))] == [
        "busy",
        "",
    ]


async def test_attended_transfer_three_way_and_the_way_back(floor: Floor, town: Town) -> None:
    operator = await floor.operator(FIRST)
    outside, number = await floor.line(THIRD)
    caller = await town.ring()
    await waits(caller)
    talk = await operator.takes()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    await operator.orders("consult", f"number:{number}")
    third = await outside.next_call(within_s=10)
    await hear_each_other((talk, FIRST), (third, THIRD))
    await hears_only(caller.call, ())
    await operator.orders("three_way")
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST), (third, THIRD))
    await operator.orders("complete")
    await talk.is_hung_up_on(within_s=10)
    await hear_each_other((caller.call, CITIZEN), (third, THIRD))
    await operator.has_state("wrap_up")
    await third.hang_up()
    await caller.call.is_hung_up_on(within_s=30)


async def test_who_asks_somebody_hears_their_phone_ring_and_nothing_of_it_afterwards(
    floor: Floor, town: Town
) -> None:
    operator = await floor.operator(FIRST)
    outside, number = await floor.line(THIRD, after_s=4)
    caller = await town.ring()
    await waits(caller)
    talk = await operator.takes()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    await operator.orders("consult", f"number:{number}")
    await hears_ringing(talk)
    third = await outside.next_call(within_s=10)
    await hear_each_other((talk, FIRST), (third, THIRD))
    await operator.orders("cancel")
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    outside.manner = Manner.SILENT
    await operator.orders("consult", f"number:{number}")
    await hears_ringing(talk)
    await operator.orders("cancel")
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    outside.manner, outside.after_s = Manner.BUSY, 2.5
    await operator.orders("consult", f"number:{number}")
    await hears_ringing(talk)
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    await operator.orders("hold")
    await talk.hears_nothing_for(5.5, within_s=15)  # longer than between two rings


async def test_blind_transfer_to_somebody_busy_comes_back_with_the_place(
    floor: Floor, town: Town
) -> None:
    operator = await floor.operator(FIRST)
    outside, number = await floor.line(THIRD, manner=Manner.BUSY)
    caller = await town.ring()
    await waits(caller)
    talk = await operator.takes()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    entered = await entered_at(caller)
    await operator.orders("blind", f"number:{number}")
    await talk.is_hung_up_on(within_s=10)
    await is_in_state(caller, "waiting")
    outside.manner = Manner.ANSWERS
    await operator.is_ready()
    again = await operator.takes()
    await hear_each_other((caller.call, CITIZEN), (again, FIRST))
    assert await entered_at(caller) == entered
    await operator.orders("blind", f"number:{number}")
    third = await outside.next_call(within_s=10)
    await hear_each_other((caller.call, CITIZEN), (third, THIRD))


@pytest.mark.long
async def test_overflow_to_the_callbot_and_back_with_the_original_time(
    floor: Floor, town: Town
) -> None:
    operator = await floor.operator(FIRST, branches=("2",))
    busy, waiting = await town.ring(), await town.ring()
    await waits(busy, "2")
    talk = await operator.takes()
    await hear_each_other((busy.call, CITIZEN), (talk, FIRST))
    await waits(waiting, "2")
    waiting.call.hum(0)
    entered = await entered_at(waiting)
    await is_in_state(waiting, "with_bot", within_s=30)
    await waiting.call.press("*")
    await is_in_state(waiting, "waiting")
    waiting.call.hum(CITIZEN)
    await busy.call.hang_up()
    await talk.is_hung_up_on(within_s=10)
    await operator.is_ready()
    again = await operator.takes()
    await hear_each_other((waiting.call, CITIZEN), (again, FIRST))
    assert await entered_at(waiting) == entered


async def test_who_hangs_up_in_the_queue_is_rung_back(floor: Floor, town: Town) -> None:
    operator = await floor.operator(FIRST, ready=False)
    await operator.is_ready()
    operator.somebody.manner = Manner.SILENT
    caller = await town.ring()
    await waits(caller)
    await caller.call.hang_up()
    await eventually(
        lambda: CallBack.objects.filter(contact=caller.contact, closed_at=None).exists(),
        within_s=10,
    )
    call_back = await in_database(lambda: CallBack.objects.get(contact=caller.contact))
    assert call_back.place_at == await entered_at(caller)
    assert call_back.created_at <= timezone.now()


async def test_nothing_is_left_over(rig: Rig, floor: Floor, town: Town) -> None:
    operator = await floor.operator(FIRST)
    caller = await town.ring()
    await waits(caller)
    talk = await operator.takes()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    await caller.call.hang_up()
    await talk.is_hung_up_on(within_s=10)
    await operator.has_state("wrap_up")
    await eventually(
        lambda: not Ticket.objects.filter(contact=caller.contact).exclude(state="ended").exists(),
        within_s=10,
    )


async def test_an_operator_asks_a_colleague_and_hands_the_caller_over(
    floor: Floor, town: Town
) -> None:
    operator = await floor.operator(FIRST)
    caller = await town.ring()
    await waits(caller)
    talk = await operator.takes()
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST))
    colleague = await floor.operator(SECOND)
    await operator.orders("consult", f"operator:{colleague.extension}")
    asked = await colleague.takes()
    await hear_each_other((talk, FIRST), (asked, SECOND))
    await hears_only(caller.call, ())
    await operator.orders("three_way")
    await hear_each_other((caller.call, CITIZEN), (talk, FIRST), (asked, SECOND))
    await operator.orders("complete")
    await talk.is_hung_up_on(within_s=10)
    await hear_each_other((caller.call, CITIZEN), (asked, SECOND))
    await operator.has_state("wrap_up")
    await asked.hang_up()
    await caller.call.is_hung_up_on(within_s=30)
