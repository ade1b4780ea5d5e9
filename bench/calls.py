"""``bench calls``: how many callers a second the callbot carries, beside the same scenario in
Asterisk's own dialplan; and hundreds at once through the real script.

The load scenario takes 16 ± 1 s: a key over the menu, two seconds in the queue with nobody on
duty, consent, two recorded answers of three and two seconds, read back, confirmed, farewell
with the code. A rate counts only if every call of it is complete in the database and in the
media store, and took no longer than the scenario.
"""

import argparse
from collections.abc import Mapping, Sequence

from bench import real_script, soak
from bench.kept import keep_figures
from bench.load import MOST_CALLS, LoadBench, limits_for, load_settings
from bench.rates import alone, highest, percentiles
from bench.scratch import Scratch
from launcher.progress import say


def main(arguments: Sequence[str]) -> Mapping[str, object]:
    given = _arguments().parse_args(arguments)
    if given.soak:
        return soak.measure(minutes=given.soak, rate=given.rate)
    figures: dict[str, object] = {"name": "calls"}
    if not given.only_script:
        figures |= _load(given)
    if not given.no_script:
        script = real_script.measure(at_once=given.at_once)
        keep_figures("script", script)  # what ./1022 bench replay builds on
        figures["real_script"] = script
    keep_figures("calls", figures)
    return figures


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./1022 bench calls", description=__doc__)
    parser.add_argument("--rates", default="10,15,20,25,30,35,40", help="calls a second, in order")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each rate lasts")
    parser.add_argument("--tries", type=int, default=2, help="runs that a rate is given to hold")
    parser.add_argument("--at-once", type=int, default=400, help="callers in the real script")
    parser.add_argument("--no-script", action="store_true", help="without the real script")
    parser.add_argument("--only-script", action="store_true", help="the real script alone")
    parser.add_argument("--no-overload", action="store_true", help="without the overload")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="watch for what grows")
    parser.add_argument("--rate", type=float, default=10.0, help="calls a second of the soak")
    return parser


def _load(given: argparse.Namespace) -> dict[str, object]:
    rates = [float(rate) for rate in given.rates.split(",")]
    with Scratch(load_settings(max_calls=MOST_CALLS)) as scratch:
        bench = LoadBench(scratch)
        ours = highest(rates, lambda rate: bench.ours(rate, given.seconds), tries=given.tries)
        beside = bench.yardstick(rates, seconds=given.seconds, tries=given.tries)
        overload = None if given.no_overload else bench.overload(ours.rate, given.seconds)
    figures: dict[str, object] = {
        "offered": ours.offered,
        "complete": ours.complete,
        "rate_per_s": ours.rate,
        **percentiles(ours.seconds),
        "cpu_ms_per_item": ours.cpu_ms,
        "cores_slower_by": ours.slowness,
        "cpu_ms_per_item_alone": alone(ours),
        "yardstick": {
            "name": "the same scenario in Asterisk's dialplan",
            "rate_per_s": beside.rate,
            "cpu_ms_per_item": beside.cpu_ms,
            "cpu_ms_per_item_alone": alone(beside),
        },
        "ratio": round(ours.rate / beside.rate, 2),
        "settings_advised": limits_for(ours.rate),
    }
    say(f"  Settings for this machine: {_as_settings(limits_for(ours.rate))}")
    return figures | ({"overload": overload} if overload else {})


def _as_settings(limits: Mapping[str, int]) -> str:
    return " ".join(f"{name}={limit}" for name, limit in limits.items())
