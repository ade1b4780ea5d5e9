"""How much slower the cores are while something else runs."""

from bench.rates import Run, alone
from bench.slowness import Slowness


def test_the_same_work_is_timed_alone_and_beside() -> None:
    with Slowness() as slowness:
        while len(slowness._beside) < 2:
            sum(range(1000))
    assert slowness.factor > 0.5


def test_nothing_is_said_of_a_load_that_was_over_at_once() -> None:
    with Slowness() as slowness:
        pass
    assert slowness.factor == 1.0


def test_what_a_part_would_spend_alone() -> None:
    run = Run(
        rate=1, offered=1, complete=1, in_time=1, seconds=(), cpu_ms={"web": 3.0}, slowness=1.5
    )
    assert alone(run) == {"web": 2.0}
