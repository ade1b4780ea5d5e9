"""``bench replay``: 18:00 on 22 July to the end of 25 July 2021 once more, under a virtual clock.

The number of people is solved so that under the rules of 2021 (nobody rings back, no callbot)
they make as many calls as were counted then. The same people then meet the queue's own code,
the callbot with as many lines and a script as long as ``bench calls`` measured here, and
call-backs; one that is not completed within 24 virtual hours does not count: the caller was
lost. What people do stands with its sources in ``bench/replay-2021.yaml``.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import replay_2021
from bench.errors import CannotMeasure
from bench.kept import latest_figures
from bench.replay_2021 import Was
from bench.replay_ours import Hotline
from bench.replay_state import Became, End, Lines
from bench.replay_world import World, load, people
from hotline.domain.city.build import build_city
from hotline.domain.city.folder import read_folder
from hotline.domain.city.model import City
from launcher.progress import say

CITIES = Path(__file__).parent.parent / "cities"


def main(arguments: Sequence[str]) -> Mapping[str, object]:
    given = _arguments().parse_args(arguments)
    lines, measured_at = _lines(given)
    world, table = load()
    city = city_in(CITIES / world.city)
    figures = measure(world, city, lines, seed=given.seed)
    figures["callbot"] = {
        "lines": lines.number,
        "script_s": round(lines.script_s, 1),
        "measured_at": measured_at,
    }
    if given.sensitivity:
        rows = []
        for one in table:
            say(f"With {dict(one.changed)}")
            figure = measure(one.world, city, lines, seed=given.seed)
            rows.append({"with": dict(one.changed), **{key: figure[key] for key in _ROW}})
        figures["sensitivity"] = rows
    return figures


_ROW = ("people", "baseline_answered", "answered_within_20s", "lost")


def measure(world: World, city: City, lines: Lines, *, seed: int) -> dict[str, object]:
    """Both worlds, with the same people."""
    began = time.monotonic()
    number, was = replay_2021.solve(world, seed=seed)
    say(f"{number} people ring {was.calls} times under the rules of 2021")
    hotline = Hotline(world, city, people(world, number, seed=seed), lines)
    hotline.run()
    took_s = time.monotonic() - began
    return figures_of(world, was, hotline.became) | {"seed": seed, "took_s": round(took_s, 1)}


def figures_of(world: World, was: Was, became: Became) -> dict[str, object]:
    ends = became.count()
    complete = len(became.ends) - became.lost
    rate, rate_2021 = complete / world.ends_s, was.answered / world.ends_s
    return {
        "name": "replay",
        "people": len(became.ends),
        "offered": became.calls,
        "complete": complete,
        "answered_within_20s": round(became.soon / max(1, became.calls), 4),
        "lost": became.lost,
        "baseline_answered": round(was.answered_share, 4),
        "rate_per_s": round(rate, 4),
        "yardstick": {
            "name": "the rules of 2021, with the same people",
            "rate_per_s": round(rate_2021, 4),
            "offered": was.calls,
            "complete": was.answered,
            "answered_within_20s": round(was.answered_soon / max(1, was.calls), 4),
            "lost": len(was.ends) - was.answered,
        },
        "ratio": round(rate / max(rate_2021, 1e-9), 2),
        "ends": {end.value: ends[end] for end in End},
        "busy": became.busy,
        "most_at_once": became.most_at_once,
        "call_backs": {"opened": became.call_backs, "dialled": became.dialled},
    }


def city_in(folder: Path) -> City:
    """The city's data as they stand in the checkout; the suite checks them."""
    return build_city(read_folder(folder).content())


def _lines(given: argparse.Namespace) -> tuple[Lines, str]:
    if (given.lines is None) != (given.seconds is None):
        raise CannotMeasure("give both --lines and --seconds, or neither")
    if given.lines is not None:
        return Lines(given.lines, given.seconds), "given by hand"
    kept = latest_figures("script") or {}
    number, seconds = kept.get("complete"), kept.get("seconds")
    if not number or not seconds or number != kept.get("at_once"):
        raise CannotMeasure(
            "the callbot was not measured here, or did not carry all of its callers: run"
            " ./1022 bench calls --only-script first, or give --lines and --seconds"
        )
    return Lines(int(number), float(seconds)), str(kept["measured_at"])


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./1022 bench replay", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", type=int, help="callers at once, instead of the measured")
    parser.add_argument("--seconds", type=float, help="length of the script, likewise")
    parser.add_argument(
        "--sensitivity", action="store_true", help="also with other assumptions (minutes)"
    )
    return parser
