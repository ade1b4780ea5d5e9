"""``bench queue``: callers meet operators through our queue, and the same operators through
Asterisk's own app_queue in the same run.

One phone rings at a time; an operator answers after a second, talks for ten and hangs up. A
rate counts only if every caller spoke with somebody to the end and nobody was lost.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bench import cpu, sipp
from bench.dialplan import DIALLED, Yardstick
from bench.kept import keep_figures
from bench.load import MOST_CALLS, load_settings
from bench.operators import ANSWERS_S, TALKS_S, Account, Phones, Rang, Staff
from bench.rates import Run, highest, percentiles
from bench.ringing import Offered, free_to_ring
from bench.scratch import Scratch, cpu_ms_per_item
from bench.timeline import Timeline
from launcher.progress import say

KEY_AT_S = 1.0
LASTS_MOST_S = 60.0
"""So long a caller holds on."""
IN_TIME_S = 18.0
"""From the answer to the goodbye: the menu, an operator at once, the talk. Longer means that
somebody waited although enough are there: the rate is not held."""
OURS_PORT, BESIDE_PORT, CALLERS_PORT, YARDSTICK_PORTS = 3500, 3600, 8000, 20
_SERVED = """
SELECT count(*) FROM queue_ticket t JOIN queue_offer f ON f.ticket_id = t.id
WHERE t.entered_at >= %s AND t.state = 'ended' AND t.outcome = 'answered'
  AND f.talking_since IS NOT NULL
  AND f.ended_at - f.talking_since >= make_interval(secs => %s)
"""
_UNLIKE = """
SELECT t.state || ' ' || t.outcome, count(*) FROM queue_ticket t
WHERE t.entered_at >= %s AND NOT (t.state = 'ended' AND t.outcome = 'answered') GROUP BY 1
"""
_OFFERED = """
SELECT o.extension, extract(epoch FROM greatest(t.entered_at, coalesce((
    SELECT max(e.at) FROM queue_event e WHERE e.operator_id = f.operator_id
    AND e.kind = 'presence' AND e.detail = 'ready' AND e.at <= f.offered_at),
    t.entered_at)))::float8, extract(epoch FROM f.offered_at)::float8
FROM queue_offer f JOIN queue_ticket t ON t.id = f.ticket_id
JOIN workforce_operator o ON o.user_id = f.operator_id WHERE t.entered_at >= %s
"""


def main(arguments: Sequence[str]) -> Mapping[str, object]:
    given = _arguments().parse_args(arguments)
    rates = [float(rate) for rate in given.rates.split(",")]
    with Scratch(load_settings(max_calls=MOST_CALLS)) as scratch:
        bench = _QueueBench(scratch, given.operators, given.seconds)
        ours, rings = bench.ours(rates, given.tries)
        beside = bench.yardstick(rates, given.tries)
    figures: dict[str, object] = {
        "name": "queue",
        "operators": given.operators,
        "offered": ours.offered,
        "complete": ours.complete,
        "rate_per_s": ours.rate,
        **percentiles(ours.seconds),
        "free_to_ring": percentiles(rings),
        "cpu_ms_per_item": ours.cpu_ms,
        "sipp_cpu_ms_per_item": ours.sipp_ms,
        "yardstick": {
            "name": "Asterisk's app_queue with the same operators",
            "rate_per_s": beside.rate,
            "cpu_ms_per_item": beside.cpu_ms,
            "sipp_cpu_ms_per_item": beside.sipp_ms,
        },
        "ratio": round(ours.rate / beside.rate, 2),
    }
    keep_figures("queue", figures)
    return figures


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./1022 bench queue", description=__doc__)
    parser.add_argument("--operators", type=int, default=600)
    parser.add_argument("--rates", default="10,15,20,25,30,35", help="callers a second, in order")
    parser.add_argument("--seconds", type=float, default=40.0, help="how long each rate lasts")
    parser.add_argument("--tries", type=int, default=2, help="runs that a rate is given to hold")
    return parser


class _QueueBench:
    def __init__(self, scratch: Scratch, operators: int, seconds: float) -> None:
        self._scratch = scratch
        self._seconds = seconds
        self._dialled = 0
        timeline = Timeline(keys=[(KEY_AT_S, "2")], ends_s=LASTS_MOST_S)
        self._ours = sipp.write_scenario(timeline, scratch.folder / "callers")
        plain = Timeline(ends_s=LASTS_MOST_S)
        self._plain = sipp.write_scenario(plain, scratch.folder / "plain-callers")
        self._staff = Staff(scratch, operators, port=scratch.base + OURS_PORT)

    def ours(self, rates: Sequence[float], tries: int) -> tuple[Run, list[float]]:
        """And how long after both were there the operator's phone rang."""
        rings: dict[float, list[float]] = {}

        def run(rate: float) -> Run:
            phones = self._staff.be_there()
            since, before, rung = datetime.now(UTC), self._scratch.usage(), len(phones.rung())
            calls, sipp_s = self._call(rate, "1022", self._scratch.sip_port, phones)
            with self._scratch.database() as connection:
                (served,) = connection.execute(_SERVED, (since, TALKS_S - 0.5)).fetchone() or (0,)
                unlike = connection.execute(_UNLIKE, (since,)).fetchall()
                offers = [Offered(*row) for row in connection.execute(_OFFERED, (since,))]
            rings[rate] = free_to_ring(offers, phones.rung()[rung:])
            spent = cpu_ms_per_item(before, self._scratch.usage(), served)
            if unlike:
                say(f"  not served: {dict(unlike)}")
            return _run(rate, calls, served, spent, sipp_s)

        try:
            best = highest(rates, run, tries=tries)
        finally:
            self._staff.stop()
        return best, rings[best.rate]

    def yardstick(self, rates: Sequence[float], tries: int) -> Run:
        base = self._scratch.base
        folder = self._scratch.folder / "yardstick"
        like = self._scratch.node
        node = replace(like, port_base=like.port_base + YARDSTICK_PORTS, max_calls=MOST_CALLS)
        phones = Phones(self._scratch.folder / "phones-beside", port=base + BESIDE_PORT)
        extensions = [
            f"exten => {DIALLED},1,Answer()",
            " same => n,Queue(bench)",
            " same => n,Hangup()",
        ]
        files = {"queues.conf": _queues(self._staff.accounts)}
        more = {"pjsip.conf": _endpoints(self._staff.accounts, base + BESIDE_PORT)}
        try:
            with (
                self._scratch.frozen(),
                Yardstick(folder, node, extensions=extensions, files=files, more=more) as asterisk,
            ):
                roots = {"asterisk": asterisk.process.pid}

                def run(rate: float) -> Run:
                    before, rung = cpu.usage(roots), len(phones.rung())
                    calls, sipp_s = self._call(rate, DIALLED, node.sip_port, phones)
                    served = sum(_talked(rang) for rang in phones.rung()[rung:])
                    spent = cpu_ms_per_item(before, cpu.usage(roots), served)
                    return _run(rate, calls, served, spent, sipp_s)

                return highest(rates, run, tries=tries)
        finally:
            phones.stop()

    def _call(
        self, rate: float, dialled: str, port: int, phones: Phones
    ) -> tuple[list[sipp.Dialled], dict[str, float]]:
        """And the CPU seconds of the callers' SIPp and of the phones'."""
        count = round(rate * self._seconds)
        load = sipp.Load(
            target=port,
            dialled=dialled,
            rate=rate,
            count=count,
            first=self._dialled,
            ports=self._scratch.base + CALLERS_PORT,
        )
        self._dialled += count
        callers = sipp.Callers(self._ours if dialled == "1022" else self._plain, load)
        spent_before = phones.cpu_s()
        try:
            calls = callers.wait(within_s=self._seconds + 2 * LASTS_MOST_S)
        finally:
            callers.stop()
        return calls, {"callers": callers.cpu_s, "phones": phones.cpu_s() - spent_before}


def _talked(rang: Rang) -> bool:
    if rang.answered_at is None or rang.ended_at is None:
        return False
    return rang.ended_at - rang.answered_at >= TALKS_S - 0.5


def _run(
    rate: float,
    calls: Sequence[sipp.Dialled],
    served: int,
    spent: Mapping[str, float],
    sipp_s: Mapping[str, float],
) -> Run:
    lengths = tuple(call.seconds for call in calls if call.seconds is not None)
    in_time = sum(ANSWERS_S + TALKS_S <= length <= IN_TIME_S for length in lengths)
    run = Run(
        rate=rate,
        offered=len(calls),
        complete=min(served, len(lengths)),
        in_time=in_time,
        seconds=lengths,
        cpu_ms=spent,
        sipp_ms={name: round(1000 * one / max(1, served), 2) for name, one in sipp_s.items()},
    )
    say(
        f"  {rate:g}/s: {served} served of {len(calls)}, {in_time} in time, "
        f"CPU ms a call {dict(spent)}, of SIPp {dict(run.sipp_ms)}"
    )
    return run


def _queues(accounts: Sequence[Account]) -> str:
    members = "".join(f"member => PJSIP/{account.extension}\n" for account in accounts)
    return (
        "[general]\npersistentmembers = no\nautofill = yes\n\n"
        "[bench]\nstrategy = rrmemory\nringinuse = no\nautopause = no\ntimeout = 15\n"
        f"wrapuptime = 0\nretry = 0\n{members}"
    )


def _endpoints(accounts: Sequence[Account], port: int) -> str:
    return "".join(
        f"\n[{account.extension}]\ntype = endpoint\ncontext = from-outside\ndisallow = all\n"
        f"allow = ulaw,alaw\ndirect_media = no\naors = {account.extension}\n"
        f"[{account.extension}]\ntype = aor\n"
        f"contact = sip:{account.extension}@127.0.0.1:{port}\n"
        for account in accounts
    )
