"""The load scenario is what the figures say it is."""

import json
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bench import load, sipp
from bench.errors import CannotMeasure
from bench.rates import Run, highest
from bench.scratch import CITIES
from bench.timeline import Caller, Timeline, Walker
from bench.tones import Tones
from hotline.domain.city.check import check_folder
from hotline.domain.city.model import City
from hotline.domain.places.known import known_places


@pytest.fixture
def timeline(tmp_path: Path) -> Timeline:
    checked = check_folder(
        CITIES / "load", places_of=partial(known_places, today=date(2026, 11, 22))
    )
    assert not checked.problems
    city = City.from_content(json.loads(json.dumps(checked.content)))
    caller = Caller(
        key="1", number="+84900000000", talks_s=load.TALKS_S, listen_s=1.0, wait_s=load.QUEUE_S
    )
    return Walker(city.book, "vi", Tones(tmp_path)).walk(caller)


def test_the_load_scenario_takes_sixteen_seconds(timeline: Timeline) -> None:
    assert timeline.ends_s == pytest.approx(load.LASTS_S, abs=load.WITHIN_S)
    assert [kind for kind, _prompts in timeline.asked] == [
        *("keys", "wait", "keys", "speech", "speech", "keys")
    ]
    assert [seconds for _begins, seconds in timeline.talks] == [3.0, 2.0]
    moments = [at for at, _key in timeline.keys]
    assert moments == sorted(moments)


def test_callers_speak_when_they_shall_and_are_silent_else(
    timeline: Timeline, tmp_path: Path
) -> None:
    sipp.write_scenario(timeline, tmp_path / "callers")
    sound = (tmp_path / "callers" / "said.ulaw").read_bytes()
    begins, seconds = timeline.talks[0]
    silence = sound[:1]
    assert sound[: int(begins * sipp.RATE)] == silence * int(begins * sipp.RATE)
    said = sound[int(begins * sipp.RATE) : int((begins + seconds) * sipp.RATE)]
    assert said.count(silence) < len(said) / 10


def run_of(rate: float, *, complete: int) -> Run:
    return Run(rate=rate, offered=10, complete=complete, in_time=10, seconds=(16.0,), cpu_ms={})


def test_a_rate_counts_only_if_every_call_is_complete() -> None:
    tried = []

    def run(rate: float) -> Run:
        tried.append(rate)
        return run_of(rate, complete=10 if rate <= 20 else 9)

    assert highest([10, 20, 30, 40], run, tries=2).rate == 20
    assert tried == [10, 20, 30, 30]


def test_without_a_rate_that_holds_there_is_no_figure() -> None:
    with pytest.raises(CannotMeasure):
        highest([10], lambda rate: run_of(rate, complete=9), tries=1)
