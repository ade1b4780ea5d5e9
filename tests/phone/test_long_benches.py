"""The benches that look for what breaks or grows, short: each as ``./1022 bench`` runs it, with a
hotline of its own."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from bench.faults_kills import LINE
from launcher.state import CHECKOUT

pytestmark = [pytest.mark.phone, pytest.mark.long]

OURS = ("DATABASE_URL", "HOTLINE_", "DJANGO_", "PYTEST_")
"""Of the suite's own hotline: the bench must not read them."""
BACK_WITHIN_S = 9.0
"""Three times the promise of 3 s: this machine has other work."""


def bench(*arguments: str, within_s: float) -> dict[str, Any]:
    """The figures of the bench alone: its last line of JSON."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.run", *arguments, "--json"],
        cwd=CHECKOUT,
        env={key: value for key, value in os.environ.items() if not key.startswith(OURS)},
        capture_output=True,
        text=True,
        timeout=within_s,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def test_nothing_grows_or_is_left_over_under_a_steady_load() -> None:
    figures = bench("calls", "--soak", "5", "--rate", "5", within_s=800)
    assert figures["complete"] == figures["offered"] > 1000
    assert figures["left_over"] == {}
    assert figures["grown"] == []


def test_every_part_killed_once_under_calls_is_back_and_nobody_is_lost() -> None:
    kills = bench("faults", "--seeds", "0", "--kills", "1", within_s=1100)["kills"]
    took_s = {part: figures["max_s"] for part, figures in kills["by_part"].items()}
    assert set(LINE) <= took_s.keys()
    assert {part: s for part, s in took_s.items() if part in LINE and s > BACK_WITHIN_S} == {}
    left = {name: count for name, count in kills.items() if name.startswith("left_")}
    assert left == dict.fromkeys(left, 0) != {}
