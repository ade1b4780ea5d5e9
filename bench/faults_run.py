"""One seeded fault run: a switchboard, an Asterisk, a town, a plan of faults."""

import asyncio
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import aiohttp
from django.db import connection, transaction

from bench import faults_checks, faults_loop
from bench.faults_asterisk import FaultyAsterisk
from bench.faults_desk import Database, FaultyDesk, VirtualClock
from bench.faults_loop import VirtualLoop
from bench.faults_plan import Fault, Plan
from bench.faults_town import Town, trunk
from bench.names import Names
from hotline.domain.accounts.models import User
from hotline.domain.workforce.models import OperatorKind
from hotline.domain.workforce.services import ensure_operator
from hotline.edges.adapters.telephony.ari.connection import AriError
from hotline.edges.adapters.telephony.desk import DatabaseAway
from hotline.edges.adapters.telephony.dialling import Lines
from hotline.edges.adapters.telephony.switchboard import Switchboard, Where
from hotline.edges.adapters.telephony.voice import Voice

BEGINS = datetime(2021, 7, 23, 2, 0, tzinfo=UTC)
ACTS_S = 80.0
SETTLES_S = 110.0
BACK_AFTER_S = 0.5
CHECK_EVERY_S = 5.0
OURS = "hotline.edges.adapters.telephony"


@dataclass
class Ran:
    """``broken``: the invariants that do not hold; ``struck``: when, what, at which await."""

    seed: int
    broken: list[str] = field(default_factory=list)
    struck: list[tuple[float, Fault, str]] = field(default_factory=list)
    moments: int = 0
    calls: int = 0
    looks: int = 0


class _RolledBack(Exception):
    pass


def run(seed: int, *, faults: tuple[Fault, ...] = tuple(Fault)) -> Ran:
    """On the present database, which is as before afterwards. Django must be allowed to work
    beside an event loop (``DJANGO_ALLOW_ASYNC_UNSAFE``)."""
    ran = Ran(seed)
    try:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder, _listen(ran):
            faults_loop.run(_Run(ran, Path(folder), faults).main)
    except _RolledBack:
        pass
    except Exception as error:
        ran.broken.append(f"{type(error).__name__}: {error}")
    ran.broken = list(dict.fromkeys(ran.broken))
    return ran


class _Run:
    def __init__(self, ran: Ran, folder: Path, faults: tuple[Fault, ...]) -> None:
        self._ran = ran
        self._random = Random(f"faults/{ran.seed}")
        self._plan = Plan(self._random, faults=faults)
        self._folder = folder
        self._node = f"faults-{ran.seed}"
        self._switchboard: asyncio.Task[None] | None = None
        self._restarts: set[asyncio.Task[None]] = set()

    async def main(self, loop: VirtualLoop) -> None:
        """Django has a connection of its own for each loop: the transaction begins here."""
        try:
            with transaction.atomic():
                await self._play(loop)
                raise _RolledBack
        finally:
            connection.close()

    async def _play(self, loop: VirtualLoop) -> None:
        self._clock = VirtualClock(loop, BEGINS)
        self._database = Database(loop, self._plan)
        self._asterisk = FaultyAsterisk(
            self._folder, self._plan, first=self._ran.seed * 1000, loop_time=loop.time
        )
        users = [self._operator(number) for number in range(self._random.randint(1, 3))]
        self._town = Town(self._random, self._asterisk, self._database, self._clock, users)
        self._plan.elsewhere = self._strike
        # ids are drawn from the seed too: where they decide an order, they decide the same
        ids = Random(f"faults/{self._ran.seed}/ids").randbytes
        with (
            patch.object(aiohttp, "TCPConnector", self._connector),
            patch.object(os, "urandom", ids),
        ):
            async with self._asterisk:
                self._start()
                try:
                    await self._live()
                finally:
                    await self._stop()
        self._note()

    async def _live(self) -> None:
        seed, random = self._ran.seed, self._random
        numbers = [f"+849{seed % 100000:05d}{one:03d}" for one in range(random.randint(1, 4))]
        self._town.open(numbers, within_s=ACTS_S / 2)
        await self._pass(ACTS_S)
        self._plan.healed = True
        self._asterisk.heal()
        await self._town.close()
        await self._pass(SETTLES_S)
        rang = [channel.id for channel in self._town.rang]
        self._ran.broken += faults_checks.afterwards(self._asterisk, rang, now=self._clock.now())

    async def _pass(self, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < until:
            await asyncio.sleep(CHECK_EVERY_S)
            self._ran.broken += faults_checks.while_running()
            self._ran.broken += faults_checks.double_rings(self._asterisk)

    # --- the switchboard --------------------------------------------------------------

    def _start(self) -> None:
        desk = FaultyDesk(node=self._node, clock=self._clock, database=self._database)
        if self._town.desk is not None:
            desk.turns = self._town.desk.turns
        self._town.desk = desk
        missed = self._folder / "missed"
        missed.mkdir(exist_ok=True)
        where = Where(
            url=self._asterisk.url,
            user="hotline",
            password="",
            recordings=self._folder / "recordings",
            missed=missed,
            outside=Lines(trunk, "1022"),
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
            self._asterisk.drop()
        elif fault in {Fault.KILL, Fault.RESTART}:
            task = asyncio.create_task(self._kill() if fault is Fault.KILL else self._crash())
            self._restarts.add(task)
            task.add_done_callback(self._restarts.discard)
        else:
            self._town.strike(fault)

    async def _kill(self) -> None:
        """The process is gone: nothing that it would still do is done."""
        self._asterisk.drop()
        desk, task = self._town.desk, self._switchboard
        if desk is None or task is None or desk.dead:
            return
        desk.dead = True
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(BACK_AFTER_S)
        self._start()

    async def _crash(self) -> None:
        """Asterisk is gone with every channel, and back a little later."""
        self._asterisk.refusing_until = asyncio.get_running_loop().time() + 2.0
        self._asterisk.die()

    # --- odds and ends ----------------------------------------------------------------

    def _operator(self, number: int) -> User:
        user = User.objects.create(username=f"faults-{self._ran.seed}-{number}")
        ensure_operator(
            user=user,
            kind=OperatorKind.OPERATOR,
            extension=f"op-{self._ran.seed}-{number}",
            skills={"0": 1, "2": 1 + number % 2, "4": 1},
            now=BEGINS,
        )
        return user

    def _connector(self, **_what: Any) -> aiohttp.UnixConnector:
        return aiohttp.UnixConnector(path=str(self._asterisk.socket_path), limit=0)

    def _note(self) -> None:
        ran = self._ran
        ran.struck, ran.moments = self._plan.done, self._plan.moments
        ran.calls = len(self._town.rang)


class _Errors(logging.Handler):
    """What the switchboard says went wrong with itself: nothing may, whatever strikes."""

    def __init__(self, ran: Ran) -> None:
        super().__init__(logging.ERROR)
        self._ran = ran

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, AriError | DatabaseAway):
            self._ran.broken.append(f"{record.getMessage()}: {type(error).__name__}: {error}")


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
