"""Real processes killed with -9: each part of a scratch hotline, while callers are in the load
scenario, and beside it on an idle hotline, where there is nothing to recover. Afterwards every
call that was taken must have come to its end, with a case or a call-back, once.

Recovery is counted from the kill to the part's own sign of life: for the switchboard, Asterisk
and PostgreSQL that the next caller is taken, for web and live that a page comes, for the worker
that a job given after the kill is done. ``goes_on_s``: until a call that was in progress makes
its next step.
"""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from statistics import median

import psycopg

from bench import cpu
from bench.errors import CannotMeasure
from bench.load import LASTS_S, LoadBench, load_settings
from bench.scratch import Scratch
from launcher.progress import say

RATE = 3.0
MOST_CALLS = 200
POLL_S = 0.02
WITHIN_S = 90.0
BEFORE_S = 12.0
"""So long callers come before something is killed: they are in every state by then."""
LINE = ("switchboard", "asterisk", "postgres")
SURVIVES = ("switchboard", "postgres")
"""Killed, these leave the callers on the line."""
SETTLES_S = 120.0
BACK_S = 6.0
"""What a kill takes, about: callers come until the last one is over."""
_TAKEN = "SELECT count(*) FROM contacts_contact WHERE started_at > %s"
_STEPS = """
SELECT coalesce(sum(step), 0) FROM contacts_contact WHERE started_at > %s AND started_at <= %s"""
_JOB = """
SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
    'default', 'note_late_cases', 0, NULL, NULL, '{"timestamp": 0}'::jsonb, NULL
)::procrastinate_job_to_defer_v1]))"""
_UNENDED = """
SELECT count(*) FROM contacts_contact k JOIN calls_call c ON c.contact_id = k.id
WHERE k.ended_at IS NULL OR c.ended_at IS NULL"""
_LOST = """
SELECT count(*) FROM contacts_contact k JOIN calls_call c ON c.contact_id = k.id
WHERE k.case_id IS NULL
  AND NOT EXISTS (SELECT FROM calls_callback b WHERE b.person_id = k.person_id)"""
_DOUBLED = """
SELECT count(*) FROM
  (SELECT channel FROM calls_call GROUP BY channel HAVING count(*) > 1) AS twice"""
_PLACES = "SELECT count(*) FROM queue_ticket WHERE state <> 'ended'"


def measure(*, rounds: int, only: Sequence[str] = ()) -> dict[str, object]:
    """``rounds`` kills of each part (or of those in ``only``) under calls, and one on the idle
    hotline beside it."""
    with Scratch(load_settings(max_calls=MOST_CALLS)) as scratch:
        bench = LoadBench(scratch)
        parts = [part for part in sorted(scratch.pids()) if not only or part in only]
        bench.ours(RATE, 5.0)  # every part has loaded what it loads once
        kills = _Kills(scratch, bench)
        idle = {part: kills.idle(part) for part in parts}
        loaded = {part: kills.under_calls(part, rounds) for part in parts}
        left = kills.settle()
    line = [idle[part] for part in LINE if part in idle]
    return {
        "kills": {"rounds": rounds, "rate_per_s": RATE, "by_part": loaded, **left},
        "yardstick": {
            "name": "the same part killed on an idle hotline: a restart without recovery",
            "seconds": idle,
            "slowest_of_the_line_s": max(line, default=0.0),
        },
    }


class _Kills:
    def __init__(self, scratch: Scratch, bench: LoadBench) -> None:
        self._scratch = scratch
        self._bench = bench

    def idle(self, part: str) -> float:
        """Callers come only after the kill: there is nobody to recover."""
        at = self._kill(part)
        callers = self._bench.begin(1 / POLL_S / 5, 8.0) if part in LINE else None
        try:
            took_s = self._until(self._sign(part, at), at)
            say(f"  {part} killed on an idle hotline: back after {took_s:.2f} s")
            return took_s
        finally:
            if callers is not None:
                callers.wait(within_s=LASTS_S + 20)
                callers.stop()
            time.sleep(2.0)

    def under_calls(self, part: str, rounds: int) -> dict[str, object]:
        took, goes_on = [], []
        callers = self._bench.begin(RATE, rounds * (BEFORE_S + BACK_S))
        try:
            for _ in range(rounds):
                time.sleep(BEFORE_S)
                at = self._kill(part)
                on = self._goes_on(at) if part in SURVIVES else None
                if on is not None:
                    goes_on.append(self._until(on, at))
                took.append(self._until(self._sign(part, at), at))
                say(f"  {part} killed under calls: back after {took[-1]:.2f} s")
        finally:
            callers.wait(within_s=LASTS_S + 60)
            callers.stop()
        figures: dict[str, object] = {"p50_s": round(median(took), 2), "max_s": round(max(took), 2)}
        if goes_on:
            figures["goes_on_p50_s"] = round(median(goes_on), 2)
            figures["goes_on_max_s"] = round(max(goes_on), 2)
        return figures

    def settle(self) -> dict[str, int]:
        """Once everybody has gone: what is not in order."""
        names = {"unended": _UNENDED, "lost": _LOST, "doubled": _DOUBLED, "places": _PLACES}
        deadline = time.monotonic() + SETTLES_S
        while True:
            with self._scratch.database() as connection:
                left = {name: _one(connection, query) for name, query in names.items()}
            if not any(left.values()) or time.monotonic() > deadline:
                return {f"left_{name}": count for name, count in left.items()}
            time.sleep(1.0)

    # --- one kill -----------------------------------------------------------------------

    def _kill(self, part: str) -> datetime:
        """With its children: one that outlives it would still answer."""
        for pid in cpu.tree(self._scratch.pids()[part]):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return datetime.now(UTC)

    def _until(self, sign: Callable[[], bool], at: datetime) -> float:
        while True:
            took_s = (datetime.now(UTC) - at).total_seconds()
            with suppress(psycopg.Error, OSError, urllib.error.URLError):
                if sign():
                    return took_s
            if took_s > WITHIN_S:
                raise CannotMeasure(f"no sign of life for {WITHIN_S:.0f} s after a kill")
            time.sleep(POLL_S)

    def _sign(self, part: str, at: datetime) -> Callable[[], bool]:
        if part == "worker":
            return self._a_job_is_done(at)
        if part in {"web", "live"}:
            port = self._scratch.base + (1 if part == "live" else 0)
            return lambda: _answers(f"http://127.0.0.1:{port}/healthz")
        return lambda: self._ask(_TAKEN, at) > 0

    def _goes_on(self, at: datetime) -> Callable[[], bool]:
        """A step of somebody who was on the line when it happened."""
        since = datetime.fromtimestamp(at.timestamp() - LASTS_S, UTC)
        known: list[int] = []

        def sign() -> bool:
            steps = self._ask(_STEPS, since, at)
            known.append(steps)
            return steps > known[0]

        return sign

    def _a_job_is_done(self, at: datetime) -> Callable[[], bool]:
        with self._scratch.database() as connection:
            job = _one(connection, _JOB)
        query = "SELECT count(*) FROM procrastinate_jobs WHERE id = %s AND status = 'succeeded'"
        return lambda: self._ask(query, job) > 0

    def _ask(self, query: str, *values: object) -> int:
        with self._scratch.database() as connection:
            return _one(connection, query, *values)


def _one(connection: psycopg.Connection, query: str, *values: object) -> int:
    row = connection.execute(query.encode(), values or None).fetchone()
    return int(row[0]) if row else 0


def _answers(url: str) -> bool:
    """Any answer of HTTP is a sign of life."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status)
    except urllib.error.HTTPError:
        return True
