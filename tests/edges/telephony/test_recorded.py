"""What a real Asterisk said during calls is said again to the real switchboard: as it was, and
with events that come twice or all at once."""

import asyncio
import logging
import re
import shutil
from pathlib import Path
from random import Random

import pytest

from bench import faults_checks, faults_run
from bench.faults_asterisk import FaultyAsterisk
from bench.faults_loop import VirtualLoop
from bench.faults_run import Ran, Run
from hotline.core.errors import Refusal
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.domain.queue.models import Leg, LegState, Offer, OfferState, Verb
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.give_order import give_order
from hotline.usecases.go_ready import go_ready
from hotline.usecases.publish_city import publish_city
from hotline.usecases.sign_on import sign_on
from tests.edges.telephony.recorded import PAYLOADS, RecordedAsterisk
from tests.loaded_city import CITIES
from tests.phone.rig import CITY, LIMITS

NAMES = sorted(file.stem for file in PAYLOADS.glob("*.jsonl"))
OUTCOMES = {
    "callbot-to-the-end": "complete",
    "gone-while-speaking": "abandoned",
    "caller-ends-the-talk": "served",
    "operator-consults-and-hands-over": "served",
    "nobody-answers-and-the-caller-goes": "abandoned",
}
WITH_OPERATOR = frozenset(NAMES) - {"callbot-to-the-end", "gone-while-speaking"}
AFTERWARDS_S = 90.0


@pytest.fixture(autouse=True)
def beside_a_loop(monkeypatch: pytest.MonkeyPatch, city: City) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)


class Again(Run):
    """One recording, with the same operator at the desk as then."""

    def __init__(self, ran: Ran, folder: Path, name: str, disorder: Random | None) -> None:
        super().__init__(ran, folder, ())
        self._name = name
        self._disorder = disorder
        self.outcomes: list[str] = []

    def make_asterisk(self, loop: VirtualLoop) -> FaultyAsterisk:
        return RecordedAsterisk(self.folder, self.plan, self._name, first=0, loop_time=loop.time)

    async def live(self) -> None:
        assert isinstance(self.asterisk, RecordedAsterisk)
        as_impatient_as_recorded(self.folder)
        desk = asyncio.create_task(self._desk())
        await asyncio.sleep(1)
        await self.asterisk.play(self._disorder)
        await self.pass_time(AFTERWARDS_S)
        desk.cancel()
        self.ran.calls = Contact.objects.count()
        self.ran.broken += faults_checks.afterwards(self.asterisk, [], now=self.clock.now())
        self.outcomes += Contact.objects.values_list("outcome", flat=True)

    async def _desk(self) -> None:
        if self._name not in WITH_OPERATOR:
            return
        user = self.users[0]
        sign_on(user=user, branches=("2",), phone="sip", now=self.clock.now())
        go_ready(user=user, now=self.clock.now())
        ordered: set[Verb] = set()
        while True:
            await asyncio.sleep(1)
            self._touched()
            desk_seen(user=user, now=self.clock.now())
            if "consults" not in self._name:
                continue
            if Leg.objects.filter(state=LegState.UP).exists():
                self._order(ordered, Verb.COMPLETE, "")
            elif Offer.objects.filter(state=OfferState.TALKING).exists():
                self._order(ordered, Verb.CONSULT, "number:0281234567")

    def _order(self, ordered: set[Verb], verb: Verb, argument: str) -> None:
        if verb in ordered:
            return
        try:
            give_order(user=self.users[0], verb=verb, argument=argument, now=self.clock.now())
        except Refusal:
            return
        ordered.add(verb)

    def _touched(self) -> None:
        if self.town.desk is not None:
            self.town.desk.somebody_changed_something()
        self.database_changed()


def as_impatient_as_recorded(folder: Path) -> None:
    """The calls were recorded with the rig's shorter waits."""
    changed = folder / "cities" / CITY
    shutil.copytree(CITIES / CITY, changed)
    file = changed / "city.yaml"
    text = file.read_text()
    for key, value in LIMITS.items():
        text = re.sub(rf"(?m)^(\s+{key}):.*$", rf"\1: {value}", text)
    file.write_text(text)
    published = publish_city(
        cities=changed.parent, name=CITY, with_voice=False, now=faults_run.BEGINS
    )
    assert not published.problems


def again(name: str, disorder: Random | None = None) -> tuple[Ran, list[str]]:
    runs: list[Again] = []

    def make(ran: Ran, folder: Path) -> Run:
        runs.append(Again(ran, folder, name, disorder))
        return runs[0]

    ran = faults_run.play(make, seed=0)
    return ran, runs[0].outcomes


def test_there_are_recordings() -> None:
    assert set(NAMES) == set(OUTCOMES)


@pytest.mark.django_db(transaction=True)
def test_recorded_calls_end_as_they_ended() -> None:
    for name in NAMES:
        ran, outcomes = again(name)
        assert ran.broken == [], name
        assert outcomes == [OUTCOMES[name]], name


def disordered(seeds: range) -> None:
    for name in NAMES:
        for seed in seeds:
            ran, outcomes = again(name, Random(seed))
            assert ran.broken == [], (name, seed)
            assert len(outcomes) == 1, (name, seed)


@pytest.mark.django_db(transaction=True)
def test_events_that_come_twice_or_at_once_break_nothing() -> None:
    disordered(range(1))


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_events_in_much_disorder_break_nothing() -> None:
    disordered(range(1, 12))
