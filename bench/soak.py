"""``bench calls --soak MINUTES``: the load scenario for a long time, and what grows meanwhile.

Nothing may be left over when the last caller has gone: no channel, no bridge, no open file, no
unfinished row or job; and the memory of each process must be flat: its median in the last
quarter at most ``GROWTH_MOST`` above that of the first (the first minutes of warming up are
left out).
"""

import base64
import json
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from bench import sipp, verify
from bench.load import LASTS_S, SETTLES_WITHIN_S, TALKS_S, LoadBench, load_settings
from bench.scratch import Scratch, cpu_ms_per_item
from launcher.progress import say

LOOK_EVERY_S = 5.0
WARM_UP_S = 200.0
"""Asterisk's memory grows until its pools have the size that the load needs."""
GROWTH_MOST, SLACK_MB = 1.1, 8.0
DESCRIPTORS_SLACK = 5
"""Database connections come and go."""
HEADROOM = 1.5
_LEFT_ROWS = {
    "contacts": "SELECT count(*) FROM contacts_contact WHERE ended_at IS NULL",
    "calls": "SELECT count(*) FROM calls_call WHERE ended_at IS NULL",
    "tickets": "SELECT count(*) FROM queue_ticket WHERE state <> 'ended'",
    "offers": "SELECT count(*) FROM queue_offer WHERE state <> 'ended'",
    "spooled recordings": "SELECT count(*) FROM contacts_recording WHERE state = 'spooled'",
    "jobs": "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    " AND scheduled_at IS NULL AND queueing_lock IS NULL",
}


@dataclass(frozen=True, slots=True)
class Sample:
    at_s: float
    memory_mb: Mapping[str, float]
    descriptors: Mapping[str, int]


Measure = Callable[[Sample], Mapping[str, float]]


def _memory(sample: Sample) -> Mapping[str, float]:
    return sample.memory_mb


def _descriptors(sample: Sample) -> Mapping[str, float]:
    return sample.descriptors


def measure(*, minutes: float, rate: float) -> Mapping[str, object]:
    limit = int(HEADROOM * rate * LASTS_S) + 20
    with Scratch(load_settings(max_calls=limit)) as scratch:
        bench = LoadBench(scratch)
        bench.ours(rate, 10.0)  # every part has loaded what it loads once
        idle, since, before = _sample(scratch, 0.0), datetime.now(UTC), scratch.usage()
        callers = bench.begin(rate, 60 * minutes)
        try:
            samples = _watch(scratch, callers)
            calls = callers.seen()
        finally:
            callers.stop()
        with scratch.database() as connection:
            kept = verify.settle(connection, since, within_s=SETTLES_WITHIN_S)
            rows = {
                name: connection.execute(query).fetchone()[0]  # type: ignore[index]
                for name, query in _LEFT_ROWS.items()
            }
        complete = verify.count_complete(kept, talks_s=TALKS_S, media=scratch.media)
        spent = cpu_ms_per_item(before, scratch.usage(), complete)
        left = {**rows, **_left_in_asterisk(scratch)}
        after = _sample(scratch, samples[-1].at_s if samples else 0.0)
    grown = _grown(samples, idle, after)
    return {
        "name": "soak",
        "offered": len(calls),
        "complete": complete,
        "rate_per_s": rate,
        "minutes": minutes,
        "cpu_ms_per_item": spent,
        "memory_mb": _quarters(samples, _memory),
        "left_over": {name: count for name, count in left.items() if count},
        "grown": grown,
    }


def _watch(scratch: Scratch, callers: sipp.Callers) -> list[Sample]:
    begun, samples = time.monotonic(), list[Sample]()
    while callers.running():
        time.sleep(LOOK_EVERY_S)
        samples.append(_sample(scratch, time.monotonic() - begun))
        if len(samples) % 12 == 0:
            say(f"  {samples[-1].at_s:.0f} s: {_words(samples[-1].memory_mb)}")
    return samples


def _sample(scratch: Scratch, at_s: float) -> Sample:
    seen = scratch.usage()
    return Sample(
        at_s,
        {name: one.memory_mb for name, one in seen.items()},
        {name: one.descriptors for name, one in seen.items()},
    )


def _left_in_asterisk(scratch: Scratch) -> dict[str, int]:
    made = scratch.environment
    user, password = made["HOTLINE_ARI_USER"], made["HOTLINE_ARI_PASSWORD"]
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    left = {}
    for what in ("channels", "bridges"):
        request = urllib.request.Request(f"{made['HOTLINE_ARI_URL']}/ari/{what}")
        request.add_header("Authorization", f"Basic {token}")
        with opener.open(request, timeout=10) as response:
            left[what] = len(json.load(response))
    return left


def _quarters(samples: Sequence[Sample], what: Measure) -> dict[str, tuple[float, float]]:
    """Medians of each process in the first and the last quarter after the warm-up."""
    warm = [sample for sample in samples if sample.at_s > WARM_UP_S] or list(samples)
    quarter = max(1, len(warm) // 4)
    return {
        name: (_median(warm[:quarter], what, name), _median(warm[-quarter:], what, name))
        for name in (what(warm[0]) if warm else {})
    }


def _median(samples: Sequence[Sample], what: Measure, name: str) -> float:
    return round(median(what(sample).get(name, 0.0) for sample in samples), 1)


def _grown(samples: Sequence[Sample], idle: Sample, after: Sample) -> list[str]:
    """What grew while the load stayed the same, or did not go with the calls, in words."""
    found = [
        f"memory of {name}: {first} MB, then {last} MB"
        for name, (first, last) in _quarters(samples, _memory).items()
        if last > first * GROWTH_MOST + SLACK_MB
    ]
    # a database opens a file when a connection first needs it, so that it is compared with
    # itself under load; the media of a call must go with the call
    found += [
        f"open files of {name}: {first:.0f}, then {last:.0f}"
        for name, (first, last) in _quarters(samples, _descriptors).items()
        if last > first * GROWTH_MOST + DESCRIPTORS_SLACK
    ]
    before, now = idle.descriptors["asterisk"], after.descriptors["asterisk"]
    if now > before + DESCRIPTORS_SLACK:
        found.append(f"open files of asterisk after the calls: {before}, then {now}")
    return found


def _words(memory: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {mb:.0f} MB" for name, mb in memory.items())
