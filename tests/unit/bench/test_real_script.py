"""The figures of the real script, and the settings that follow from the knee."""

from bench.load import LASTS_S, limits_for
from bench.real_script import figures_of


def test_calls_an_hour_are_those_of_this_many_at_once() -> None:
    found = figures_of([100.0, 120.0, 80.0], at_once=4, complete=3)
    assert (found["seconds"], found["at_once"], found["complete"]) == (100.0, 4, 3)
    assert found["calls_per_hour_at_this_occupancy"] == 108  # three at once, 36 times an hour
    assert found["calls_per_hour_of_2021"] == 3600


def test_nobody_who_came_through_is_no_figure_and_no_error() -> None:
    assert figures_of([], at_once=400, complete=0)["calls_per_hour_at_this_occupancy"] == 0


def test_the_limits_let_in_less_than_the_knee_and_all_at_once_that_come_of_it() -> None:
    assert limits_for(24.0) == {"HOTLINE_MAX_CALLS_PER_S": 18, "HOTLINE_MAX_CALLS": 306}
    assert limits_for(24.0)["HOTLINE_MAX_CALLS"] >= 18 * LASTS_S
    assert limits_for(12.5)["HOTLINE_MAX_CALLS_PER_S"] == 9  # rather one less
    assert limits_for(1.0)["HOTLINE_MAX_CALLS_PER_S"] == 1  # 0 would be as many as come
