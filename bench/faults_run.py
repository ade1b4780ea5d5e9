"""One seeded fault run: a switchboard, an Asterisk, a town, a plan of faults."""

import asyncio
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import aiohttp
from django.db import connections, transaction
from django.db.utils import DEFAULT_DB_ALIAS

from bench import faults_checks, faults_loop
from bench.faults_asterisk import FaultyAsterisk
from bench.faults_desk import Database, FaultyDesk, VirtualClock
from bench.faults_loop import VirtualLoop
from bench.faults_plan import Fault, Plan
from bench.faults_town import Town, trunk
from bench.faults_watch import History, Watch
from bench.names import Names
from hotline.domain.accounts.models import User
from hotline.domain.workforce.models import OperatorKind
from hotline.domain.workforce.services import ensure_operator
from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.desk import DatabaseAway
from hotline.edges.adapters.telephony.dialling import Lines
from hotline.edges.adapters.telephony.switchboard import Switchboard, Where
from hotline.edges.adapters.telephony.voice import Voice

BEGINS = datetime(2021, 7, 23, 2, 0, tzinfo=UTC)
ACTS_S = 50.0
SETTLES_S = 85.0
LATE_ANSWERS_S = 20.0
BACK_AFTER_S = 0.5
CHECK_EVERY_S = 0.5
OURS = "hotline.edges.adapters.telephony"


@dataclass
class Ran:
    """``broken``: the invariants that do not hold; ``struck``: when, what, at which await."""

    seed: int
    broken: list[str] = field(default_factory=list)
    struck: list[tuple[float, Fault, str]] = field(default_factory=list)
    moments: int = 0
    calls: int = 0


class _RolledBack(Exception):
    pass


def run(seed: int, *, faults: tuple[Fault, ...] = tuple(Fault)) -> Ran:
    """On the present database, which is as before afterwards. Django must be allowed to work
    beside an event loop (``DJANGO_ALLOW_ASYNC_UNSAFE``)."""
    return play(lambda ran, folder: Run(ran, folder, faults), seed=seed)


def play(make: Callable[[Ran, Path], "Run"], *, seed: int) -> Ran:
    """What became of the run that ``make`` makes."""
    ran = Ran(seed)
    try:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder, _listen(ran):
            faults_loop.run(make(ran, Path(folder)).main)
    except _RolledBack:
        pass
    except Exception as error:
        ran.broken.append(f"{type(error).__name__}: {error}")
    ran.broken = list(dict.fromkeys(ran.broken))
    return ran


class Run:
    """A seeded run; ``make_asterisk`` and ``live`` say which Asterisk, and what happens."""

    def __init__(self, ran: Ran, folder: Path, faults: tuple[Fault, ...]) -> None:
        self.ran = ran
        self.random = Random(f"faults/{ran.seed}")
        self.plan = Plan(self.random, faults=faults)
        self.folder = folder
        self._node = f"faults-{ran.seed}"
        self._checked = -1
        self._history = History()
        self._twice: set[str] = set()
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._switchboard: asyncio.Task[None] | None = None
        self._restarts: set[asyncio.Task[None]] = set()

    async def main(self, loop: VirtualLoop) -> None:
        """Django has a connection of its own for each loop; here it is that of whoever plays,
        run after run."""
        connections[DEFAULT_DB_ALIAS] = self._connection
        with transaction.atomic():
            await self._play(loop)
            raise _RolledBack

    async def _play(self, loop: VirtualLoop) -> None:
        self.clock = VirtualClock(loop, BEGINS)
        self._database = Database(loop, self.plan)
        self.asterisk = self.make_asterisk(loop)
        self._watch = Watch(self.asterisk)
        users = [self._operator(number) for number in range(self.random.randint(1, 3))]
        self.users = users
        self.town = Town(self.random, self.asterisk, self._database, self.clock, users)
        self.plan.elsewhere = self._strike
        # ids are drawn from the seed too: where they decide an order, they decide the same
        ids = Random(f"faults/{self.ran.seed}/ids").randbytes
        with (
            patch.object(aiohttp, "TCPConnector", self._connector),
            patch.object(os, "urandom", ids),
        ):
            async with self.asterisk:
                self._start()
                try:
                    await self.live()
                finally:
                    await self._stop()
        self._note()

    def make_asterisk(self, loop: VirtualLoop) -> FaultyAsterisk:
        first = self.ran.seed * 1000
        return FaultyAsterisk(self.folder, self.plan, first=first, loop_time=loop.time)

    async def live(self) -> None:
        seed, random = self.ran.seed, self.random
        numbers = [f"+849{seed % 100000:05d}{one:03d}" for one in range(random.randint(1, 4))]
        self.town.open(numbers, within_s=ACTS_S / 2)
        await self.pass_time(ACTS_S)
        self.plan.healed = True
        self.asterisk.heal()
        await self.town.close()
        await self.pass_time(LATE_ANSWERS_S)
        await self.town.hang_up()  # and who answered what rang already
        await self.pass_time(SETTLES_S)
        rang = [channel.id for channel in self.town.rang]
        self.ran.broken += faults_checks.afterwards(self.asterisk, rang, now=self.clock.now())

    async def pass_time(self, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < until:
            await asyncio.sleep(CHECK_EVERY_S)
            if self._database.version() != self._checked:
                self._checked = self._database.version()
                self.ran.broken += self._history.look()
            twice = set(faults_checks.double_rings(self.asterisk))
            # one phone may ring for two only for the moment in which the first is hung up
            self.ran.broken += twice & self._twice
            self._twice = twice
            if self._history.is_anybody_talking:
                struck_at = self.plan.done[-1][0] if self.plan.done else 0.0
                now = asyncio.get_running_loop().time()
                self.ran.broken += self._watch.look(now, struck_at=struck_at)

    def database_changed(self) -> None:
        """Somebody beside the switchboard wrote something."""
        self._database.changed()

    # --- the switchboard --------------------------------------------------------------

    def _start(self) -> None:
        desk = FaultyDesk(node=self._node, clock=self.clock, database=self._database)
        if self.town.desk is not None:
            desk.turns = self.town.desk.turns
        self.town.desk = desk
        missed = self.folder / "missed"
        missed.mkdir(exist_ok=True)
        where = Where(
            url=self.asterisk.url,
            user="hotline",
            password="",
            recordings=self.folder / "recordings",
            missed=missed,
            outside=Lines(trunk, "1022", dials=True),
        )
        board = Switchboard(where, desk=desk, voice=Voice(Names()))
        self._switchboard = asyncio.create_task(board.run())

    async def _stop(self) -> None:
        for task in {self._switchboard, *self._restarts} - {None}:
            assert task is not None  # noqa: S101 - told to the type checker
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _strike(self, fault: Fault) -> None:
        if fault is Fault.DROP:
            self.asterisk.drop()
        elif fault in {Fault.KILL, Fault.RESTART}:
            task = asyncio.create_task(self._kill() if fault is Fault.KILL else self._crash())
            self._restarts.add(task)
            task.add_done_callback(self._restarts.discard)
        else:
            self.town.strike(fault)

    async def _kill(self) -> None:
        """The process is gone: nothing that it would still do is done."""
        self.asterisk.drop()
        desk, task = self.town.desk, self._switchboard
        if desk is None or task is None or desk.dead:
            return
        desk.dead = True
        if self._database.is_away:
            self.asterisk.forget_unwritten()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(BACK_AFTER_S)
        self._start()

    async def _crash(self) -> None:
        """Asterisk is gone with every channel, and back a little later."""
        self.asterisk.refusing_until = asyncio.get_running_loop().time() + 2.0
        self.asterisk.die()

    # --- odds and ends ----------------------------------------------------------------

    def _operator(self, number: int) -> User:
        user = User.objects.create(username=f"faults-{self.ran.seed}-{number}")
        ensure_operator(
            user=user,
            kind=OperatorKind.OPERATOR,
            extension=f"op-{self.ran.seed}-{number}",
            skills={"0": 1, "2": 1 + number % 2, "4": 1},
            now=BEGINS,
        )
        return user

    def _connector(self, **_what: Any) -> aiohttp.UnixConnector:
        return aiohttp.UnixConnector(path=str(self.asterisk.socket_path), limit=0)

    def _note(self) -> None:
        ran = self.ran
        ran.struck, ran.moments = self.plan.done, self.plan.moments
        ran.calls = len(self.town.rang)


class _Errors(logging.Handler):
    """What the switchboard says went wrong with itself: nothing may, whatever strikes."""

    def __init__(self, ran: Ran) -> None:
        super().__init__(logging.ERROR)
        self.ran = ran

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, AriError | DatabaseAway):
            self.ran.broken.append(f"{record.getMessage()}: {type(error).__name__}: {error}")


@contextmanager
def _listen(ran: Ran) -> Iterator[None]:
    logger, handler = logging.getLogger(OURS), _Errors(ran)
    logger.addHandler(handler)
    propagates, logger.propagate = (
        logger.propagate,
        logger.level <= logging.DEBUG and logger.level > 0,
    )
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates
