"""The replay of July 2021, in a small town of ten hours."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bench import replay, replay_2021, replay_ours
from bench.errors import CannotMeasure
from bench.replay_ours import Hotline
from bench.replay_state import LOST, Became, End, Lines
from bench.replay_world import HOUR_S, Clock, Shift, World, load, people
from hotline.domain.city.model import City
from hotline.domain.queue import policy

LINES = Lines(200, 150.0)
CHECKOUT = Path(replay.__file__).parent.parent


@pytest.fixture(scope="module")
def world() -> World:
    real, _table = load()
    # as busy as the real one, a tenth of its size, two working days and the night between
    begins = real.begins.replace(hour=8) + timedelta(days=1)
    shifts = (Shift(6, 3), Shift(14, 3), Shift(22, 2))
    return replace(real, begins=begins, hours=38, calls=9_500, shifts=shifts)


@pytest.fixture(scope="module")
def city(world: World) -> City:
    return replay.city_in(replay.CITIES / world.city)


def play(world: World, city: City, number: int, lines: Lines = LINES) -> Became:
    hotline = Hotline(world, city, people(world, number, seed=7), lines)
    hotline.run()
    return hotline.became


def test_the_file_says_of_each_assumption_that_it_is_one_and_the_table_is_readable() -> None:
    real, table = load()
    assert (real.calls, real.taken, real.hours) == (190_666, 9_744, 78)
    assert len(table) >= 8
    for one in table:
        assert one.world != real


def test_first_calls_follow_the_profile_of_the_day(world: World) -> None:
    number = 20_000
    arrivals = [person.arrives_s for person in people(world, number, seed=7)]
    assert min(arrivals) >= 0
    assert max(arrivals) < world.ends_s
    by_hour = [0] * world.hours
    for when in arrivals:
        by_hour[int(when // HOUR_S)] += 1
    weights = [world.profile[world.hour_of_day(hour)] for hour in range(world.hours)]
    for found, weight in zip(by_hour, weights, strict=True):
        expected = number * weight / sum(weights)
        assert abs(found - expected) <= 5 * expected**0.5 + 5


def test_under_the_rules_of_2021_the_calls_are_those_counted_and_few_are_taken(
    world: World,
) -> None:
    number, was = replay_2021.solve(world, seed=7)
    assert abs(was.calls - world.calls) <= replay_2021.NEAR * world.calls
    assert sum(was.calls_by_hour) == was.calls
    assert len(was.ends) == number
    assert sum(end == "person" for end in was.ends.values()) == was.answered
    # three operators cannot take more than their hours allow
    minutes = sum(world.on_duty(hour * HOUR_S) for hour in range(world.hours)) * 60
    assert was.answered <= 1.15 * minutes / (world.handling.mean_s / 60)
    assert was.answered_share < 0.2


def test_everybody_ends_exactly_once_and_the_sums_agree(world: World, city: City) -> None:
    became = play(world, city, 4_000)
    ends = became.count()
    assert len(became.ends) == 4_000
    assert sum(ends.values()) == 4_000
    assert became.lost == sum(ends[end] for end in LOST)
    assert became.soon <= became.answered <= became.calls
    assert ends[End.PERSON]
    assert ends[End.CALLBOT]
    assert ends[End.CALL_BACK]
    assert became.most_at_once <= LINES.number


def test_the_same_seed_gives_the_same_figures(world: World, city: City) -> None:
    assert play(world, city, 1_500) == play(world, city, 1_500)


def test_our_rules_answer_nearly_everybody_soon(world: World, city: City) -> None:
    became = play(world, city, 3_000)
    assert became.soon / became.calls >= 0.98
    assert became.lost == 0


def test_too_few_lines_are_seen(world: World, city: City) -> None:
    became = play(world, city, 3_000, Lines(3, 150.0))
    assert became.busy
    assert became.most_at_once == 3
    assert became.soon / became.calls < 0.98


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("assign", lambda *_args, **_kw: []),
        ("overflow_at", lambda *, entered_at, wait_s: entered_at + wait_s + 600),
        ("next_try", lambda **_kw: None),
    ],
)
def test_a_broken_rule_shows(
    world: World,
    city: City,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    broken: Callable[..., object],
) -> None:
    silent = replace(world, call_back=replace(world.call_back, picked_up=0.6, returns=0.0))
    sound = play(silent, city, 3_000)
    monkeypatch.setattr(replay_ours, name, broken)
    became = play(silent, city, 3_000)
    worse = became.lost > sound.lost + 10
    slower = became.soon / became.calls < sound.soon / sound.calls - 0.1
    assert worse or slower


def test_a_city_that_lets_people_wait_misses_the_goal(world: World, city: City) -> None:
    branches = tuple(
        replace(branch, line=replace(branch.line, wait_s=60)) if branch.line else branch
        for branch in city.menu.branches
    )
    patient = replace(city, menu=replace(city.menu, branches=branches))
    became = play(world, patient, 3_000)
    assert became.soon / became.calls < 0.5


def test_without_the_queue_there_is_no_replay() -> None:
    code = "import sys; sys.modules['hotline.domain.queue'] = None; import bench.replay"
    ran = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True)
    assert ran.returncode != 0
    assert "hotline.domain.queue" in ran.stderr


def test_the_queue_that_is_played_is_the_hotlines_own() -> None:
    for name in ("assign", "overflow_at", "next_try", "person_for"):
        assert vars(replay_ours)[name] is vars(policy)[name]


def test_lines_are_measured_or_given_never_invented(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replay, "latest_figures", lambda _name: None)
    with pytest.raises(CannotMeasure):
        replay.main([])
    with pytest.raises(CannotMeasure):
        replay.main(["--lines", "400"])


def test_measured_lines_are_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"at_once": 400, "complete": 400, "seconds": 240.0, "measured_at": "2026-01-01"}
    monkeypatch.setattr(replay, "latest_figures", lambda _name: kept)
    lines, measured_at = replay._lines(replay._arguments().parse_args([]))
    assert lines == Lines(400, 240.0)
    assert measured_at == "2026-01-01"


def test_lines_that_did_not_carry_all_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"at_once": 400, "complete": 398, "seconds": 240.0, "measured_at": "2026-01-01"}
    monkeypatch.setattr(replay, "latest_figures", lambda _name: kept)
    with pytest.raises(CannotMeasure):
        replay._lines(replay._arguments().parse_args([]))


def test_the_clock_keeps_the_order_of_an_instant() -> None:
    clock, seen = Clock(), list[int]()
    clock.at(5, seen.append, 1)
    clock.at(3, seen.append, 2)
    clock.at(5, seen.append, 3)
    clock.at(3, lambda: clock.at(1, seen.append, 4))
    clock.run()
    assert seen == [2, 4, 1, 3]
    assert clock.now == 5
