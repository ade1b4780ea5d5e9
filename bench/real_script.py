"""Hundreds at once through the real script of key 2: each listens to every question to its
end, answers, and hears the farewell."""

from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import mean

from bench import sipp, verify
from bench.errors import CannotMeasure
from bench.scratch import Scratch, cpu_ms_per_item
from bench.timeline import Caller, Timeline, Walker
from launcher.progress import say

CITY, KEY = "hcmc-2021", "2"
TALKS_S = (6.0, 10.0)
"""An address, and what is needed."""
ARRIVE_PER_S = 15.0
HEADROOM = 50
SETTLES_WITHIN_S = 300.0
IN_2021 = 3600
"""Calls an hour that the callbot of 2021 was built for."""


def measure(*, at_once: int) -> dict[str, object]:
    """Figures of ``at_once`` callers who are in the script at the same time."""
    limits = {"HOTLINE_MAX_CALLS": str(at_once + HEADROOM), "HOTLINE_MAX_CALLS_PER_S": "0"}
    with Scratch({"HOTLINE_CITY": CITY, **limits}) as scratch:
        timeline = scratch.ask(_timeline)
        ramp_s = at_once / ARRIVE_PER_S
        if timeline.ends_s < ramp_s:
            raise CannotMeasure("the first callers would be gone before the last one comes")
        say(f"The script of key {KEY} takes {timeline.ends_s:.0f} s")
        scenario = sipp.write_scenario(timeline, scratch.folder / "script")
        since, before = datetime.now(UTC), scratch.usage()
        callers = sipp.Callers(
            scenario,
            sipp.Load(
                target=scratch.sip_port,
                dialled="1022",
                rate=ARRIVE_PER_S,
                count=at_once,
                first=0,
                ports=scratch.base + 5000,
            ),
        )
        try:
            calls = callers.wait(within_s=ramp_s + 2 * timeline.ends_s)
        finally:
            callers.stop()
        with scratch.database() as connection:
            kept = verify.settle(connection, since, within_s=SETTLES_WITHIN_S)
        complete = verify.count_complete(kept, talks_s=TALKS_S, media=scratch.media)
        spent = cpu_ms_per_item(before, scratch.usage(), complete)
    seconds = [call.seconds for call in calls if call.seconds is not None]
    figures = figures_of(seconds, at_once=at_once, complete=complete)
    say(f"  {complete} of {at_once} complete, {figures['seconds']} s each, CPU ms a call {spent}")
    return {**figures, "cpu_ms_per_item": spent}


def figures_of(seconds: Sequence[float], *, at_once: int, complete: int) -> dict[str, float]:
    """``seconds``: how long the calls took. The calls an hour are worked out, not measured: with
    as many callers as were complete in the script all the time, each followed by the next."""
    lasts_s = mean(seconds) if seconds else 0.0
    return {
        "at_once": at_once,
        "complete": complete,
        "seconds": round(lasts_s, 1),
        "calls_per_hour_at_this_occupancy": round(3600 * complete / lasts_s) if lasts_s else 0,
        "calls_per_hour_of_2021": IN_2021,
    }


def _timeline() -> Timeline:
    from hotline.domain.calls.ports import text_to_speech
    from hotline.domain.city.selectors import current

    _version, city = current()
    walker = Walker(city.book, city.languages[0], text_to_speech())
    return walker.walk(Caller(key=KEY, number="+84900000000", talks_s=TALKS_S, listen_s=None))
