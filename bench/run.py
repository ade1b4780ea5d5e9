"""``./1022 bench NAME [options] [--json]``: benchmarks, each on scratch ports and a scratch
database that are removed afterwards, each beside a yardstick of the same run.

A benchmark is a module ``bench.NAME`` with ``main(arguments) -> Mapping``: the figures.
"""

import argparse
import importlib
import json
import logging
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import NoReturn

from bench.errors import CannotMeasure
from launcher.errors import LauncherError

BENCHES: Mapping[str, str] = {
    "calls": "bench.calls",
    "queue": "bench.queue",
    "replay": "bench.replay",
    "faults": "bench.faults",
}
Bench = Callable[[Sequence[str]], Mapping[str, object]]


def main(arguments: Sequence[str]) -> int:
    """0 if it was measured, 1 if not, 2 for a wrong command line."""
    parser = argparse.ArgumentParser(prog="./1022 bench", description=__doc__, add_help=False)
    parser.add_argument("name", choices=sorted(BENCHES))
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    given, rest = parser.parse_known_args(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    signal.signal(signal.SIGTERM, _interrupt)
    bench: Bench = importlib.import_module(BENCHES[given.name]).main
    try:
        figures = bench(rest)
    except (CannotMeasure, LauncherError) as error:
        print(f"Not measured: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; what was started is stopped and removed.", file=sys.stderr)
        return 130
    if given.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for key, value in figures.items():
            print(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
