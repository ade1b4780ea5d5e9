"""The load scenario on a scratch hotline, and the same in Asterisk's own dialplan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bench import cpu, dialplan, sipp, verify
from bench.errors import CannotMeasure
from bench.rates import Run, highest
from bench.scratch import CITIES, Scratch, cpu_ms_per_item
from bench.slowness import Slowness
from bench.timeline import Caller, Timeline, Walker
from launcher.progress import say

TALKS_S = (3.0, 2.0)
LASTS_S, WITHIN_S = 16.0, 1.0
QUEUE_S = 2.0
SETTLES_WITHIN_S = 180.0
SHARE_OF_KNEE = 0.75
"""What a node should take: to refuse costs it something too."""
LONGEST_S = 120.0
"""After the last call was placed, everybody must be through."""
MOST_CALLS = 1200
"""While the knee is looked for, nothing but the machine shall be the limit."""
_YARDSTICK_PORTS, _SIPP_PORTS = 20, 5000
"""The hotline's own Asterisk keeps its ports: the yardstick stands beside it."""


def load_settings(*, max_calls: int) -> dict[str, str]:
    """The load scenario's city, in tones; as many calls a second as are placed."""
    return {
        "HOTLINE_CITY": "load",
        "HOTLINE_CITIES_DIR": str(CITIES),
        "HOTLINE_TEXT_TO_SPEECH": "bench.tones.Tones",
        "HOTLINE_MAX_CALLS": str(max_calls),
        "HOTLINE_MAX_CALLS_PER_S": "0",
    }


def limits_for(knee: float) -> dict[str, int]:
    """The settings with which a machine that holds so many callers a second serves whomever it
    takes, however many come: so many at once are in calls of the load scenario's length."""
    a_second = max(1, int(SHARE_OF_KNEE * knee))
    return {
        "HOTLINE_MAX_CALLS_PER_S": a_second,
        "HOTLINE_MAX_CALLS": int(a_second * (LASTS_S + WITHIN_S)),
    }


def load_timeline() -> Timeline:
    """Of the city that this process' Django works on."""
    from hotline.domain.calls.ports import text_to_speech
    from hotline.domain.city.selectors import current

    _version, city = current()
    walker = Walker(city.book, city.languages[0], text_to_speech())
    timeline = walker.walk(
        Caller(key="1", number="+84900000000", talks_s=TALKS_S, listen_s=1.0, wait_s=QUEUE_S)
    )
    if abs(timeline.ends_s - LASTS_S) > WITHIN_S:
        raise CannotMeasure(f"the load scenario takes {timeline.ends_s:.1f} s, not {LASTS_S:g} s")
    return timeline


class LoadBench:
    """The load scenario on one scratch hotline."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._timeline = scratch.ask(load_timeline)
        self._scenario = sipp.write_scenario(self._timeline, scratch.folder / "callers")
        self._dialled = 0
        say(f"The load scenario takes {self._timeline.ends_s:.1f} s")

    def ours(self, rate: float, seconds: float) -> Run:
        since, before = datetime.now(UTC), self._scratch.usage()
        with Slowness() as slowness:
            calls = self._call(rate, seconds, "1022")
        with self._scratch.database() as connection:
            kept = verify.settle(connection, since, within_s=SETTLES_WITHIN_S)
        complete = verify.count_complete(kept, talks_s=TALKS_S, media=self._scratch.media)
        spent = cpu_ms_per_item(before, self._scratch.usage(), complete)
        return _run(rate, calls, complete, spent, slowness.factor)

    def yardstick(self, rates: Sequence[float], *, seconds: float, tries: int) -> Run:
        folder = self._scratch.folder / "yardstick"
        like = self._scratch.node
        node = replace(like, port_base=like.port_base + _YARDSTICK_PORTS, max_calls=MOST_CALLS)
        extensions = dialplan.load_scenario(
            self._timeline, folder / "spool" / "recording", wait_s=QUEUE_S
        )
        with (
            self._scratch.frozen(),
            dialplan.Yardstick(folder, node, extensions=extensions) as asterisk,
        ):

            def run(rate: float) -> Run:
                before = cpu.usage({"asterisk": asterisk.process.pid})
                with Slowness() as slowness:
                    calls = self._call(rate, seconds, dialplan.DIALLED, port=node.sip_port)
                complete = dialplan.count_whole(asterisk.recordings, talks_s=TALKS_S)
                after = cpu.usage({"asterisk": asterisk.process.pid})
                spent = cpu_ms_per_item(before, after, complete)
                return _run(rate, calls, complete, spent, slowness.factor)

            return highest(rates, run, tries=tries)

    def overload(self, knee: float, seconds: float) -> dict[str, object]:
        """1.5 times the knee, with the limits that the knee advises: who is taken is served to
        the end, everybody else hears a clean 503."""
        limits = limits_for(knee)
        self._scratch.start(**{name: str(limit) for name, limit in limits.items()})
        rate, since = 1.5 * knee, datetime.now(UTC)
        calls = self._call(rate, seconds, "1022")
        with self._scratch.database() as connection:
            kept = verify.settle(connection, since, within_s=SETTLES_WITHIN_S)
        complete = verify.count_complete(kept, talks_s=TALKS_S, media=self._scratch.media)
        answered = [call for call in calls if call.answered_at is not None]
        refused = sum(call.refused for call in calls)
        return {
            "rate_per_s": rate,
            "max_calls": limits["HOTLINE_MAX_CALLS"],
            "max_calls_per_s": limits["HOTLINE_MAX_CALLS_PER_S"],
            "offered": len(calls),
            "accepted": len(answered),
            "complete": complete,
            "dropped": len(answered) - complete,
            "refused_503": refused,
            "unanswered": len(calls) - len(answered) - refused,
        }

    def begin(
        self, rate: float, seconds: float, *, dialled: str = "1022", port: int | None = None
    ) -> sipp.Callers:
        """Callers of the scenario, placed from now on."""
        count = round(rate * seconds)
        load = sipp.Load(
            target=port or self._scratch.sip_port,
            dialled=dialled,
            rate=rate,
            count=count,
            first=self._dialled,
            ports=self._scratch.base + _SIPP_PORTS,
        )
        self._dialled += count
        return sipp.Callers(self._scenario, load)

    def _call(
        self, rate: float, seconds: float, dialled: str, *, port: int | None = None
    ) -> list[sipp.Dialled]:
        callers = self.begin(rate, seconds, dialled=dialled, port=port)
        try:
            return callers.wait(within_s=seconds + LONGEST_S)
        finally:
            callers.stop()


def _run(
    rate: float,
    calls: Sequence[sipp.Dialled],
    complete: int,
    spent: Mapping[str, float],
    slowness: float,
) -> Run:
    lengths = tuple(call.seconds for call in calls if call.seconds is not None)
    in_time = sum(abs(length - LASTS_S) <= WITHIN_S for length in lengths)
    run = Run(
        rate=rate,
        offered=len(calls),
        complete=complete,
        in_time=min(in_time, complete),
        seconds=lengths,
        cpu_ms=spent,
        slowness=slowness,
    )
    longest = max(lengths, default=0.0)
    say(
        f"  {rate:g}/s: {run.complete} of {run.offered} complete, {in_time} in time, "
        f"longest {longest:.1f} s, CPU ms a call {dict(spent)}, cores slower by {slowness:g}"
    )
    return run
