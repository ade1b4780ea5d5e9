"""Whether the calls of a run were really complete: what stands in the database and in the
media store, not what the callers' program believes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from launcher.progress import say

BYTES_A_SECOND = 16_000
"""A recording is 16 bits at 8,000 samples a second."""
LONGER_MOST_S = 2.0
"""Silence around the words that may be on a recording."""
TOLD_MOST = 5
_CALLS = """
SELECT contact.outcome = 'complete' AND contact.ended_at IS NOT NULL
           AND kase.complete IS TRUE AND call.ended_at IS NOT NULL,
       contact.ended_at IS NOT NULL AND call.ended_at IS NOT NULL
           AND (contact.outcome <> 'complete' OR contact.case_id IS NOT NULL),
       coalesce((SELECT json_agg(json_build_array(r.seconds, r.state, r.file) ORDER BY r.step)
                 FROM contacts_recording r WHERE r.contact_id = contact.id), '[]'::json),
       contact.step || ' ' || contact.outcome || ' ' || contact.reason
FROM contacts_contact contact
JOIN calls_call call ON call.contact_id = contact.id
LEFT JOIN cases_case kase ON kase.id = contact.case_id
WHERE contact.started_at >= %s
"""
_SPOOLED = "spooled"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the hotline has of one call. ``settled``: nothing of it is still to be done;
    ``became``: its last step, outcome and reason."""

    complete: bool
    settled: bool
    recordings: tuple[tuple[float, str, str], ...]
    became: str


def kept_since(connection: psycopg.Connection, since: datetime) -> list[Kept]:
    """Every call that began since then."""
    found = []
    for complete, ended, recordings, became in connection.execute(_CALLS, (since,)):
        rows = tuple((seconds, state, file) for seconds, state, file in recordings)
        settled = ended and all(state != _SPOOLED for _, state, _ in rows)
        found.append(Kept(complete, settled, rows, became))
    return found


def settle(connection: psycopg.Connection, since: datetime, *, within_s: float) -> list[Kept]:
    """Wait until the worker has done what the calls left to it."""
    deadline = time.monotonic() + within_s
    while True:
        calls = kept_since(connection, since)
        if all(call.settled for call in calls) or time.monotonic() > deadline:
            return calls
        time.sleep(0.5)


def count_complete(calls: Sequence[Kept], *, talks_s: Sequence[float], media: Path) -> int:
    """Those with a complete case and every spoken answer recorded to its full length, sealed
    in the media store."""
    broken = [call for call in calls if not (call.complete and _whole(call, talks_s, media))]
    for call in broken[:TOLD_MOST]:
        lengths = [seconds for seconds, _state, _file in call.recordings]
        say(f"  not complete: {call.became}, recordings of {lengths} s")
    return len(calls) - len(broken)


def _whole(call: Kept, talks_s: Sequence[float], media: Path) -> bool:
    if len(call.recordings) != len(talks_s):
        return False
    return all(
        state == "kept"
        and said_s - 0.1 <= seconds <= said_s + LONGER_MOST_S
        and _bytes_of(media / file) >= seconds * BYTES_A_SECOND
        for (seconds, state, file), said_s in zip(call.recordings, talks_s, strict=True)
    )


def _bytes_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
