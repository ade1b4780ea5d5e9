"""The switchboard's desk in a fault run: the real use cases on a real database, with faults
before and after each of them."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection

from bench.faults_loop import VirtualLoop
from bench.faults_plan import ON_DATABASE, Fault, Plan
from hotline.core.clock import Clock
from hotline.edges.adapters.telephony.desk import Desk, Taken
from hotline.edges.adapters.telephony.queue_desk import QueueDesk
from hotline.usecases.live_calls import LiveCall
from hotline.usecases.run_queue import QueueNews
from hotline.usecases.turn import Turn

AWAY_S = 20.0
LOOK_AT_LEAST_S = 15.0
_TABLES = """
SELECT array_agg(oid::bigint) FROM pg_class
WHERE relkind = 'r' AND relname ~ '^(queue|workforce|calls|contacts|people|city)_'"""
_WRITTEN = """
SELECT sum(pg_stat_get_xact_tuples_inserted(one::oid) + pg_stat_get_xact_tuples_updated(one::oid)
           + pg_stat_get_xact_tuples_deleted(one::oid))
FROM unnest(%s::bigint[]) AS one"""


class VirtualClock(Clock):
    def __init__(self, loop: VirtualLoop, begins: datetime) -> None:
        self._loop = loop
        self._begins = begins

    def now(self) -> datetime:
        return self._begins + timedelta(seconds=self._loop.time())


class Database:
    """Between the loop and the use cases."""

    def __init__(self, loop: VirtualLoop, plan: Plan) -> None:
        self._loop = loop
        self._plan = plan
        self._away_until = 0.0
        self._tables: list[int] = []
        self._written = self._unnoticed = 0
        self._is_known = False
        self.looking = False
        loop.around = self.around

    @property
    def is_away(self) -> bool:
        return self._loop.time() < self._away_until

    def version(self) -> int:
        """Grows with every row that anybody wrote in this run, which is one transaction. The
        database counts them itself, and is asked only after work that may have written."""
        if not self._is_known:
            self._written = self._count()
            self._is_known = True
        return self._written - self._unnoticed

    def changed(self) -> None:
        """Somebody may have written something."""
        self._is_known = False

    def unnoticed(self, work: Callable[[], object]) -> None:
        """What is written here tells nobody anything new: it only puts a timer off."""
        before = self.version()
        work()
        self.changed()
        self._unnoticed += self.version() - before

    def around(self, work: Callable[[], Any]) -> Any:
        now = self._loop.time()
        what = "look" if self.looking else "use case"
        fault = self._plan.strike(ON_DATABASE, now=now, what=what)
        if fault is Fault.DATABASE_AWAY:
            self._away_until = now + AWAY_S
        if fault is Fault.DATABASE_BEFORE or now < self._away_until:
            raise OperationalError("away")
        self.changed()
        result = work()
        if fault is Fault.DATABASE_AFTER:
            raise OperationalError("gone")
        return result

    def _count(self) -> int:
        with connection.cursor() as cursor:
            if not self._tables:
                cursor.execute(_TABLES)
                self._tables = cursor.fetchone()[0]
            cursor.execute(_WRITTEN, [self._tables])
            return int(cursor.fetchone()[0])


class FaultyQueueDesk(QueueDesk):
    """A look at a queue in which nothing was changed since the last look, and no timer is
    due, is answered by that look: it could not say anything else."""

    database: Database
    changed: asyncio.Event

    def begin(self, database: Database) -> None:
        self.database = database
        self.changed = asyncio.Event()
        self._last: tuple[int, QueueNews, float] | None = None

    async def look(self, *, dials: bool) -> QueueNews:
        loop_time = asyncio.get_running_loop().time()
        version = self.database.version()
        if self._last is not None:
            seen, news, at = self._last
            due = news.next_at is not None and news.next_at <= self.now()
            if seen == version and loop_time < at + LOOK_AT_LEAST_S and not due:
                return news
        self.database.looking = True
        try:
            news = await super().look(dials=dials)
        finally:
            self.database.looking = False
        # of the version before it: a look that wrote something itself does not speak for the next
        self._last = version, news, loop_time
        return news

    async def changes(self, changed: Callable[[], None]) -> None:
        while True:
            await self.changed.wait()
            self.changed.clear()
            changed()


class FaultyDesk(Desk):
    """``turns``: the present turn of each channel, for callers who listen. A desk that is
    ``dead`` belongs to a switchboard that was killed: it does nothing any more."""

    def __init__(self, *, node: str, clock: Clock, database: Database) -> None:
        super().__init__(node=node, clock=clock)
        self._faulty = FaultyQueueDesk(self.run, node=node, clock=clock)
        self._faulty.begin(database)
        self.queue = self._faulty
        self.turns: dict[str, Turn] = {}
        self.dead = False
        self._live: tuple[int, list[LiveCall]] | None = None
        self._channels: dict[Any, str] = {}

    def somebody_changed_something(self) -> None:
        """As the database's notification."""
        self._faulty.changed.set()

    async def run(self, work: Callable[[], Any]) -> Any:
        if self.dead:
            raise asyncio.CancelledError
        return await super().run(work)

    async def take(self, *, channel: str, number: str | None) -> Taken:
        taken = await super().take(channel=channel, number=number)
        self._know(channel, taken.turn)
        return taken

    async def resume(self, contact: Any) -> Taken:
        taken = await super().resume(contact)
        if contact in self._channels:
            self._know(self._channels[contact], taken.turn)
        return taken

    async def hear(self, **what: Any) -> Turn:
        turn = await super().hear(**what)
        if turn.contact in self._channels:
            self._know(self._channels[turn.contact], turn)
        return turn

    async def live_calls(self) -> list[LiveCall]:
        """Asked for again only when something was written since."""
        version = self._faulty.database.version()
        if self._live is None or self._live[0] != version or self._faulty.database.is_away:
            self._live = version, await super().live_calls()
        return self._live[1]

    async def beat(self, *, up: bool, detail: str) -> None:
        """The sign of life is for the operations page, not for callers."""

    def _know(self, channel: str, turn: Turn) -> None:
        self._channels[turn.contact] = channel
        self.turns[channel] = turn
