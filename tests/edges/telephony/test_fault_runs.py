"""The real switchboard, dialogue and queue against a failing world, in virtual time: a fault at
any await, drawn from a seed. A seed that breaks something plays again the same:
``./1022 bench faults --seed N``."""

import asyncio
import logging
from random import Random

import pytest

from bench import faults_loop, faults_run, faults_watch
from bench.faults_loop import StandsStill, VirtualLoop
from bench.faults_plan import AWAITS, ON_DATABASE, ON_REQUEST, Fault, Plan
from bench.faults_watch import History
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.domain.workforce.models import Operator
from hotline.edges.adapters.telephony.exchange import Exchange
from hotline.edges.adapters.telephony.floor import Floor
from hotline.edges.adapters.telephony.orders import Orders
from hotline.edges.adapters.telephony.table import Table

SHORT, LONG = range(8), range(1000, 1500)


@pytest.fixture(autouse=True)
def beside_a_loop(monkeypatch: pytest.MonkeyPatch, city: City) -> None:
    """Django must let itself be called where an event loop runs: nobody waits there."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)


def broken_in(seeds: range) -> list[str]:
    """What breaks, with the command that shows it again."""
    runs = [faults_run.run(seed) for seed in seeds]
    return [
        f"./1022 bench faults --seed {ran.seed}: {ran.broken} after {ran.struck}"
        for ran in runs
        if ran.broken
    ]


def is_caught(words: str, seeds: range) -> bool:
    """Whether one of them says so; the first that does ends it."""
    return any(words in one for seed in seeds for one in faults_run.run(seed).broken)


# each test with a database of its own costs as much as several runs, so each does more


@pytest.mark.django_db(transaction=True)
def test_whatever_strikes_nobody_is_lost_and_nothing_stays() -> None:
    assert broken_in(SHORT) == []
    first, second = faults_run.run(4), faults_run.run(4)
    assert first.struck == second.struck  # the same seed, the same run
    assert first.moments == second.moments > 50
    assert not Contact.objects.exists()  # the database is as it was
    assert not Operator.objects.exists()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_whatever_strikes_many_times() -> None:
    assert broken_in(LONG) == []


@pytest.mark.django_db(transaction=True)
def test_a_switchboard_with_a_bug_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_what: object, **_more: object) -> None:
        return

    async def bug(*_what: object, **_more: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as changed:
        changed.setattr(Exchange, "_tidy", nothing)
        assert broken_in(range(5))
    with monkeypatch.context() as changed:
        changed.setattr(Table, "mend", bug)
        assert broken_in(range(5))


@pytest.mark.django_db(transaction=True)
def test_talks_without_sound_and_orders_without_effect_are_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing(*_what: object, **_more: object) -> None:
        return

    with monkeypatch.context() as changed:
        changed.setattr(Floor, "join", nothing)
        assert is_caught("do not hear each other", range(9, 60))
    with monkeypatch.context() as changed:
        changed.setattr(Orders, "do", nothing)
        assert is_caught("nobody does order", range(50))


def test_what_is_over_and_lives_again_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    history, states = History(), iter(("ended", "answered"))
    monkeypatch.setattr(faults_watch, "standing", lambda: [("offer", "a", next(states), 7, 1)])
    assert list(history.look()) == []
    assert list(history.look()) == ["offer a was further already"]


def test_two_offers_of_one_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("offer", "a", "ringing", 7, 1), ("offer", "b", "talking", 7, 1)]
    monkeypatch.setattr(faults_watch, "standing", lambda: rows)
    assert len(list(History().look())) == 2
    rows[1] = ("offer", "b", "ended", 7, 1)
    assert list(History().look()) == []


def test_time_jumps_to_the_next_timer_and_work_of_threads_is_done_at_once() -> None:
    async def main(loop: VirtualLoop) -> tuple[float, int]:
        await asyncio.sleep(3600)
        done = await asyncio.to_thread(lambda: 7)
        return loop.time(), done

    assert faults_loop.run(main) == (3600.0, 7)


def test_who_waits_for_ever_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults_loop, "STANDS_STILL_S", 0.05)

    async def main(_loop: VirtualLoop) -> None:
        await asyncio.Event().wait()

    with pytest.raises(StandsStill):
        faults_loop.run(main)


def test_faults_strike_where_they_fit_and_never_after_the_healing() -> None:
    struck: list[Fault] = []
    for seed in range(200):
        plan = Plan(Random(seed))
        plan.elsewhere = struck.append
        for moment in range(2 * AWAITS):
            here = (ON_REQUEST, ON_DATABASE, frozenset[Fault]())[moment % 3]
            fault = plan.strike(here, now=float(moment), what="")
            assert fault is None or fault in here
        assert len(plan.done) == len(plan.strikes)
        plan.healed = True
        assert plan.strike(ON_REQUEST, now=0.0, what="") is None
    assert set(struck) == set(Fault) - ON_REQUEST - ON_DATABASE
