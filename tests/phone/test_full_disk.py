"""The disk runs full while somebody speaks."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.edges.adapters.telephony.spool import LEAST_FREE
from tests.phone.citizens import Town, tone
from tests.phone.rig import Rig

pytestmark = pytest.mark.phone

MEGABYTE = 1024 * 1024


@pytest.fixture
def small_disk(rig: Rig) -> Iterator[Path]:
    """Where Asterisk records is a disk of its own, with room for what must be free and a
    little more."""
    size = f"size={LEAST_FREE + 2 * MEGABYTE}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(rig.recordings)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk; the fake covers it")
    yield rig.recordings
    subprocess.run(["umount", "--lazy", str(rig.recordings)], check=True)


@pytest.mark.long
async def test_a_disk_that_runs_full_in_mid_answer_leads_to_a_call_back(
    small_disk: Path, town: Town
) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="place")
    await caller.call.hears(caller.beep, within_s=10)
    speaking = asyncio.create_task(caller.call.say(tone(6)))
    await asyncio.sleep(1)
    _fill(small_disk / "full")
    await speaking
    await caller.call.is_hung_up_on(within_s=60)
    (small_disk / "full").unlink()
    result = await caller.result()
    assert not result["complete"]
    assert result["slots"]["need"] == "necessities"
    assert result["callback_due"]


async def test_a_disk_that_is_full_before_the_question_hands_over(
    small_disk: Path, town: Town
) -> None:
    _fill(small_disk / "full")
    caller = await town.ring()
    await caller.answers(until_slot="place")
    await caller.call.is_hung_up_on(within_s=40)
    (small_disk / "full").unlink()
    result = await caller.result()
    assert not result["complete"]
    assert result["slots"]["need"] == "necessities"
    assert result["callback_due"]


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(bytes(MEGABYTE // 4))
        except OSError:
            return
