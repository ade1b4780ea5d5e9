"""``bench faults``: thousands of seeded runs of the real switchboard in virtual time, a fault at
any await (``bench/faults_run.py``); then real processes killed under real calls
(``bench/faults_kills.py``). A run that breaks an invariant is named by its seed, and plays
again the same with ``--seed``.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.errors import CannotMeasure
from bench.scratch import free_base
from launcher import postgres
from launcher.progress import say
from launcher.state import CHECKOUT, State, ensure_secrets

CITY = "hcmc-2021"
PROGRESS_EVERY = 200


def main(arguments: Sequence[str]) -> Mapping[str, object]:
    given = _arguments().parse_args(arguments)
    seeds = (
        [given.seed] if given.seed is not None else range(given.first, given.first + given.seeds)
    )
    figures: dict[str, object] = {"name": "faults"}
    if len(seeds):
        with tempfile.TemporaryDirectory(prefix="hotline-faults-") as folder:
            figures |= _seeded(list(seeds), jobs=given.jobs, folder=Path(folder))
    if given.seed is None and given.kills:
        from bench import faults_kills

        figures |= faults_kills.measure(rounds=given.kills, only=given.parts)
    return figures


def _seeded(seeds: list[int], *, jobs: int, folder: Path) -> dict[str, object]:
    began = time.monotonic()
    with _database(folder) as environment:
        results = list(_runs(seeds, jobs=jobs, environment=environment))
    took_s = time.monotonic() - began
    broken = [(seed, why) for seed, why, _struck in results if why]
    for seed, why in broken:
        say(f"broken with --seed {seed}: {why}")
    struck = Counter(fault for _seed, _why, faults in results for fault in faults)
    return {
        "offered": len(seeds),
        "complete": len(results) - len(broken),
        "rate_per_s": round(len(results) / took_s, 2),
        "runs": len(results),
        "broken": len(broken),
        "broken_seeds": [seed for seed, _why in broken][:20],
        "faults_struck": dict(sorted(struck.items())),
    }


def _runs(
    seeds: list[int], *, jobs: int, environment: Mapping[str, str]
) -> Iterator[tuple[int, str, list[str]]]:
    """Each seed's broken invariants (empty: none), and the names of what struck."""
    command = [sys.executable, "-m", "bench.faults_worker"]
    shares = [seeds[index::jobs] for index in range(min(jobs, len(seeds)))]
    workers = [
        subprocess.Popen(
            [*command, ",".join(map(str, share))],
            cwd=CHECKOUT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        for share in shares
    ]
    count = 0
    try:
        for worker in workers:
            assert worker.stdout is not None  # noqa: S101 - a pipe was asked for
            for line in worker.stdout:
                seed, why, faults = line.rstrip("\n").split("\t")
                yield int(seed), why, faults.split(",") if faults else []
                count += 1
                if count % PROGRESS_EVERY == 0:
                    say(f"{count} of {len(seeds)} runs read")
            if worker.wait() != 0:
                raise CannotMeasure("a worker of the fault runs ended with an error")
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()


@contextmanager
def _database(folder: Path) -> Iterator[Mapping[str, str]]:
    """A database of its own, with the city; gone afterwards. Yields the environment."""
    scratch = State(folder / "state")
    scratch.folder.mkdir()
    ensure_secrets(scratch)
    url = postgres.start_private(folder / "postgres", free_base() + 2)
    environment = {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "hotline.config.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        "HOTLINE_STATE": str(scratch.folder),
        "HOTLINE_SECRETS": str(scratch.secrets_file),
        "HOTLINE_CITY": CITY,
        "HOTLINE_DEMO": "0",
        "HOTLINE_PHONE": "0",
    }
    try:
        _manage(["migrate", "--verbosity", "0"], environment)
        _manage(["load_city", CITY], environment)
        yield environment
    finally:
        postgres.discard(folder / "postgres")


def _manage(arguments: list[str], environment: Mapping[str, str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "hotline.manage", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise CannotMeasure(f"{arguments[0]}: {ran.stderr[-500:]}")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./1022 bench faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000, help="how many runs")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="one run alone, to see it again")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs side by side")
    parser.add_argument("--kills", type=int, default=5, help="real kills of each part; 0: none")
    parser.add_argument("--parts", nargs="*", default=(), help="kill these parts alone")
    return parser
