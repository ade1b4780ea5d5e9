"""Any process may be killed in the middle of a call; the caller never hears dead air, and
nothing that was answered is lost. Promises of recovery are asserted at three times the
promise."""

import asyncio
from pathlib import Path

import pytest

from bench.citizen import in_database
from hotline.domain.calls.models import CallBack, MissedCall
from hotline.domain.people.selectors import index_of
from tests.phone.citizens import Town, eventually, tone
from tests.phone.rig import Rig, until

pytestmark = pytest.mark.phone

BACK_WITHIN_S = 15.0
"""Three times the promise of 5 s."""


async def _killed_and_back(rig: Rig, name: str) -> None:
    await asyncio.to_thread(rig.kill, name)
    rig.start(name)


async def test_callers_go_on_when_the_switchboard_was_killed(rig: Rig, town: Town) -> None:
    asked, speaking = await asyncio.gather(town.ring(), town.ring())
    await asyncio.gather(asked.answers(until_slot="for_whom"), speaking.answers(until_slot="place"))
    await asked.hears_question(within_s=5)
    await speaking.call.hears(speaking.beep, within_s=10)
    words = asyncio.create_task(speaking.call.say(tone(8)))
    await asyncio.sleep(1)
    since = asked.call.now
    await _killed_and_back(rig, "switchboard")
    await asked.hears_question(within_s=BACK_WITHIN_S, since=since)
    await words
    await asyncio.gather(asked.answers(), speaking.answers())
    results = [await caller.result() for caller in (asked, speaking)]
    assert all(result["complete"] for result in results)
    assert results[0]["slots"]["need"] == "necessities"
    place = next(found for found in results[1]["recordings"] if found["slot"] == "place")
    assert 8 <= place["seconds"] <= 9  # it was being said all the time


@pytest.mark.long
async def test_nobody_hears_dead_air_or_is_lost_while_no_switchboard_is_there(
    rig: Rig, town: Town
) -> None:
    asked, speaking, leaving = await asyncio.gather(town.ring(), town.ring(), town.ring())
    await asyncio.gather(
        asked.answers(until_slot="for_whom"),
        speaking.answers(until_slot="place"),
        leaving.answers(until_slot="for_whom"),
    )
    await asked.hears_question(within_s=5)
    await speaking.call.hears(speaking.beep, within_s=10)
    await asyncio.to_thread(rig.kill, "switchboard")
    since = asked.call.now, speaking.call.now
    await leaving.call.hang_up()
    await speaking.call.say(tone(2))
    await speaking.call.hears(speaking.music(), within_s=20, since=since[1])
    await asked.call.hears(asked.music(), within_s=20, since=since[0])
    rig.start("switchboard")
    await asked.hears_question(within_s=BACK_WITHIN_S, since=since[0])
    await asyncio.gather(asked.answers(), speaking.answers())
    results = [await caller.result() for caller in (asked, speaking, leaving)]
    assert [result["complete"] for result in results] == [True, True, False]
    assert results[2]["callback_due"]
    # what was said while nobody drove the call is the answer
    assert [found["slot"] for found in results[1]["recordings"]] == ["place", "details"]
    assert 2 <= results[1]["recordings"][0]["seconds"] <= 3


async def test_a_killed_database_is_waited_for_with_music(rig: Rig, town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="for_whom")
    await caller.hears_question(within_s=5)
    since = caller.call.now
    await asyncio.to_thread(rig.kill_postgres)
    await caller.call.press("1")
    await caller.call.hears(caller.music(), within_s=10, since=since)
    await asyncio.to_thread(rig.start_postgres)
    await caller.answers()
    result = await caller.result()
    assert result["complete"]
    assert result["slots"]["need"] == "necessities"
    assert result["slots"]["for_whom"] == "self"


async def test_a_killed_asterisk_leaves_a_case_with_what_was_said(rig: Rig, town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="details")
    await caller.call.hears(caller.beep, within_s=10)
    await caller.call.say(tone(3))
    await asyncio.to_thread(rig.kill_asterisk)
    caller.call.vanish()
    await asyncio.to_thread(rig.start_asterisk)
    result = await caller.result()
    assert not result["complete"]
    assert result["callback_due"]
    assert [found["slot"] for found in result["recordings"]] == ["place", "details"]
    assert result["recordings"][1]["seconds"] >= 2  # Asterisk writes in pieces


async def test_a_call_without_a_switchboard_becomes_a_call_back(rig: Rig, town: Town) -> None:
    await asyncio.to_thread(rig.kill, "switchboard")
    call, number = await town.dial()
    apology = (rig.prompts / "fixed" / f"missed.{call.sound.codec.file_ending}").read_bytes()
    await call.hears(apology, within_s=10)
    await call.is_hung_up_on(within_s=30)
    rig.start("switchboard")
    index = index_of(f"+84{number[1:]}")
    await eventually(
        lambda: CallBack.objects.filter(number_index=index, closed_at=None).exists(), within_s=30
    )
    missed = Path(rig.asterisk.missed)
    until(lambda: not list(missed.glob("*.call")), within_s=10)
    assert await _counted() == 1


async def _counted() -> int:
    return await in_database(MissedCall.objects.count)
