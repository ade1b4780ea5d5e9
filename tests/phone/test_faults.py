"""Any process may be killed in the middle of a call; the caller never hears dead air, and
nothing that was answered is lost. Promises of recovery are asserted at three times the
promise."""

import asyncio
import time
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


async def test_a_killed_switchboard_asks_the_question_again(rig: Rig, town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="for_whom")
    await caller.hears_question(within_s=5)
    since = caller.call.now
    await _killed_and_back(rig, "switchboard")
    await caller.hears_question(within_s=BACK_WITHIN_S, since=since)
    await caller.answers()
    result = await caller.result()
    assert result["complete"]
    assert result["slots"]["need"] == "necessities"


async def test_an_answer_goes_on_being_recorded_while_the_switchboard_is_killed(
    rig: Rig, town: Town
) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="place")
    await caller.call.hears(caller.beep, within_s=10)
    speaking = asyncio.create_task(caller.call.say(tone(8)))
    await asyncio.sleep(1)
    await _killed_and_back(rig, "switchboard")
    await speaking
    await caller.answers()
    result = await caller.result()
    assert result["complete"]
    place = next(found for found in result["recordings"] if found["slot"] == "place")
    assert 8 <= place["seconds"] <= 9


async def test_an_answer_given_while_no_switchboard_was_there_is_taken(
    rig: Rig, town: Town
) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="place")
    await caller.call.hears(caller.beep, within_s=10)
    await asyncio.to_thread(rig.kill, "switchboard")
    since = caller.call.now
    await caller.call.say(tone(2))
    await caller.call.hears(caller.music(), within_s=20, since=since)
    rig.start("switchboard")
    await caller.answers()
    result = await caller.result()
    assert result["complete"]
    assert [found["slot"] for found in result["recordings"]] == ["place", "details"]


async def test_a_caller_hears_music_while_no_switchboard_is_there(rig: Rig, town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="need")
    await caller.hears_question(within_s=5)
    since = caller.call.now
    await asyncio.to_thread(rig.kill, "switchboard")
    await caller.call.hears(caller.music(), within_s=20, since=since)
    rig.start("switchboard")
    await caller.hears_question(within_s=BACK_WITHIN_S, since=since)
    await caller.call.hang_up()


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


async def test_hanging_up_while_the_switchboard_is_dead_ends_the_call(rig: Rig, town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="for_whom")
    await asyncio.to_thread(rig.kill, "switchboard")
    await caller.call.hang_up()
    rig.start("switchboard")
    began = time.monotonic()
    result = await caller.result()
    assert time.monotonic() - began < 2 * BACK_WITHIN_S
    assert not result["complete"]
    assert result["callback_due"]
