"""Whole calls on a real Asterisk."""

import asyncio
import json

import pytest

from tests.phone.citizens import Town, tone
from tests.phone.rig import Rig

pytestmark = pytest.mark.phone

AROUND_S = 1.0
"""Silence before and behind the words that may be on a recording."""


def test_call_prints_the_case_that_came_of_it(rig: Rig) -> None:
    printed = rig.run("bench.call", "--key", "2", "--json")
    result = json.loads(printed.splitlines()[-1])
    assert result["complete"] is True
    assert result["slots"]["need"] == "necessities"
    assert len(result["recordings"]) >= 2
    assert all(recording["seconds"] > 2 for recording in result["recordings"])
    assert result["agency"] or result["triage_reason"]
    listed = json.loads(rig.manage("cases", "--json").splitlines()[-1])
    assert result["code"] in [case["code"] for case in listed["cases"]]


async def test_fifty_at_once_are_all_complete_and_recorded_in_full(town: Town) -> None:
    callers = await asyncio.gather(*(town.ring() for _ in range(50)))
    said = tone(3), tone(5)
    await asyncio.gather(*(caller.answers(said=said) for caller in callers))
    for caller in callers:
        result = await caller.result()
        assert result["complete"]
        for recording, said_s in zip(result["recordings"], (3, 5), strict=True):
            assert said_s <= recording["seconds"] <= said_s + AROUND_S


async def test_hanging_up_at_the_second_question_keeps_the_first_answer(town: Town) -> None:
    caller = await town.ring()
    await caller.answers(hang_up_at=2)
    result = await caller.result()
    assert result["code"]
    assert not result["complete"]
    assert result["slots"]["need"] == "necessities"
    assert result["callback_due"]
