"""Plays fault runs one after the other, for ``bench faults``: the seeds are the argument, a line
for each goes to stdout (seed, what broke, what struck; tabs between)."""

import gc
import logging
import sys

import django

GARBAGE = 50_000
"""So many objects are made before any are looked for that nobody needs: a run makes millions."""


def main(seeds: list[int]) -> int:
    django.setup()
    logging.disable(logging.WARNING)
    from bench.faults_run import run

    gc.collect()
    gc.freeze()  # what is loaded stays
    gc.set_threshold(GARBAGE)
    for seed in seeds:
        ran = run(seed)
        why = "; ".join(ran.broken).replace("\t", " ").replace("\n", " ")
        struck = ",".join(fault.name for _at, fault, _what in ran.struck)
        print(f"{seed}\t{why}\t{struck}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main([int(seed) for seed in sys.argv[1].split(",")]))
