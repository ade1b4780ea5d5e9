"""The switchboard's way to the use cases: they are synchronous and may wait for the
database, the switchboard must not. A database that is away is waited for."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from hotline.core.clock import Clock
from hotline.dialogue.exchange import Event, Left
from hotline.dialogue.script import Book
from hotline.domain.city.selectors import city_of
from hotline.domain.nodes.services import beat
from hotline.edges.adapters.telephony.queue_desk import QueueDesk
from hotline.edges.adapters.telephony.quick_lane import QuickLane
from hotline.edges.adapters.telephony.warm_pool import WarmPool
from hotline.usecases.end_lines import Ended, end_lines
from hotline.usecases.live_calls import LiveCall, live_calls
from hotline.usecases.quick_call import QuickCalls
from hotline.usecases.resume_call import resume_call
from hotline.usecases.take_missed_call import take_missed_call
from hotline.usecases.turn import Turn

log = logging.getLogger(__name__)

WORKERS = 8
PATIENCE_S = 60.0
PROCESS = "switchboard"
T = TypeVar("T")


class DatabaseAway(Exception):
    """The database did not come back within the patience that the caller was given."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A call's present turn, the most seconds that it may take in all, and what its city
    says."""

    turn: Turn
    most_s: int
    book: Book


class Desk:
    """Every method raises DatabaseAway; retrying is safe because the use cases take the same
    call, event or note only once. ``lane``: where the quick steps go; without one, to threads
    like everything else."""

    def __init__(
        self,
        *,
        node: str,
        clock: Clock,
        patience_s: float = PATIENCE_S,
        lane: QuickLane | None = None,
    ) -> None:
        self._lane = lane
        self._node = node
        self._clock = clock
        self._patience_s = patience_s
        self._quick = QuickCalls()
        self._ended: list[Ended] = []
        self.queue = QueueDesk(self.run, node=node, clock=clock)
        self._pool = WarmPool(WORKERS, name="desk", at_end=_close_connection)

    async def take(self, *, channel: str, number: str | None) -> Taken:
        quick, node = self._quick, self._node
        if self._lane is not None:
            now = self._clock.now()
            steps = quick.taking(channel=channel, node=node, number=number, now=now)
            if (turn := await self._lane.run(steps)) is not None:
                return _taken(turn)
        take = quick.take if self._lane is None else quick.take_plainly
        return await self.run(
            lambda: _taken(take(channel=channel, node=node, number=number, now=self._clock.now()))
        )

    async def resume(self, contact: UUID) -> Taken:
        return await self.run(lambda: _taken(resume_call(contact=contact, now=self._clock.now())))

    async def hear(self, *, contact: UUID, step: int, event: Event) -> Turn:
        quick = self._quick
        if isinstance(event, Left) and (over := quick.leave(contact=contact, step=step)):
            self._ended.append((contact, self._clock.now()))
            return over
        if self._lane is not None:
            now = self._clock.now()
            steps = quick.hearing(contact=contact, step=step, event=event, now=now)
            if (turn := await self._lane.run(steps)) is not None:
                return turn
        hear = quick.hear if self._lane is None else quick.hear_plainly
        return await self.run(
            lambda: hear(contact=contact, step=step, event=event, now=self._clock.now())
        )

    async def end_lines(self) -> None:
        """Write down who hung up after their dialogue was over. What a switchboard that dies
        has not written, its next look finds."""
        ended, self._ended = self._ended, []
        if ended:
            await self.run(lambda: end_lines(ended))

    async def live_calls(self) -> list[LiveCall]:
        await self.end_lines()
        return await self.run(lambda: live_calls(node=self._node))

    async def take_missed(
        self, *, unique_id: str, number: str | None, at: datetime, unknown: bool = False
    ) -> None:
        """``unknown``: only if the call was never written down."""
        await self.run(
            lambda: take_missed_call(
                unique_id=unique_id, number=number, at=at, now=self._clock.now(), unknown=unknown
            )
        )

    async def beat(self, *, up: bool, detail: str) -> None:
        await self.run(
            lambda: beat(
                process=PROCESS, node=self._node, now=self._clock.now(), up=up, detail=detail
            )
        )

    async def close(self) -> None:
        with suppress(DatabaseAway):
            await self.end_lines()
        if self._lane is not None:
            await self._lane.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        give_up, pause_s = loop.time() + self._patience_s, 0.1
        while True:
            try:
                return await loop.run_in_executor(self._pool, _with_connection, work)
            except (OperationalError, InterfaceError) as error:
                if loop.time() + pause_s > give_up:
                    raise DatabaseAway from error
                log.warning("the database is away; trying again")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, 1.0)


def _close_connection() -> None:
    connection.close()  # this thread's


def _with_connection(work: Callable[[], T]) -> T:
    # no question whether the connection still lives: it would cost as much as the work
    try:
        return work()
    except (OperationalError, InterfaceError):
        connection.close()  # it may be half dead: the next try makes a new one
        raise


def _taken(turn: Turn) -> Taken:
    book = city_of(turn.city_version).book
    return Taken(turn, book.menu.limits.call_max_s, book)
