"""The switchboard's way to the queue's use cases; how they are run is the desk's."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from hotline.core.clock import Clock
from hotline.domain.queue.log import QUEUE_CHANGED
from hotline.domain.queue.models import LegPurpose
from hotline.domain.queue.seats import Talks
from hotline.usecases.call_back_failed import call_back_failed
from hotline.usecases.leg_over import leg_over
from hotline.usecases.leg_up import leg_up
from hotline.usecases.number_to_dial import number_to_dial
from hotline.usecases.open_leg import open_leg
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.operator_failed import operator_failed
from hotline.usecases.order_done import order_done
from hotline.usecases.run_queue import QueueNews, run_queue
from hotline.usecases.share_leg import share_leg
from hotline.usecases.take_call_back import take_call_back
from hotline.usecases.talk_began import talk_began
from hotline.usecases.talk_over import talk_over
from hotline.usecases.transferred import transferred

log = logging.getLogger(__name__)

LISTEN_AGAIN_S = 1.0
T = TypeVar("T")


class Run(Protocol):
    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]: ...


class QueueDesk:
    """Every method raises DatabaseAway; all but ``changes`` may be called again."""

    def __init__(self, run: Run, *, node: str, clock: Clock) -> None:
        self._run = run
        self._node = node
        self._clock = clock
        self._talks = Talks()

    def now(self) -> datetime:
        return self._clock.now()

    async def look(self, *, dials: bool) -> QueueNews:
        return await self._run(
            lambda: run_queue(node=self._node, dials=dials, now=self.now(), talks=self._talks)
        )

    async def operator_answered(self, offer: UUID) -> bool:
        return await self._run(lambda: operator_answered(offer=offer, now=self.now()))

    async def operator_failed(self, offer: UUID, result: str) -> None:
        await self._run(lambda: operator_failed(offer=offer, result=result, now=self.now()))

    async def talk_began(self, offer: UUID) -> bool:
        return await self._run(lambda: talk_began(offer=offer, now=self.now()))

    async def talk_over(self, offer: UUID, *, by: str) -> None:
        await self._run(lambda: talk_over(offer=offer, by=by, now=self.now()))

    async def transferred(self, offer: UUID) -> bool:
        return await self._run(lambda: transferred(offer=offer, now=self.now()))

    async def order_done(self, order: int, result: str) -> None:
        await self._run(lambda: order_done(order=order, result=result, now=self.now()))

    async def open_leg(
        self,
        *,
        ticket: int,
        offer: UUID | None,
        purpose: LegPurpose,
        number: str = "",
        extension: str = "",
    ) -> UUID:
        """The id of the leg that is to be dialled."""
        leg = await self._run(
            lambda: open_leg(
                ticket=ticket,
                offer=offer,
                purpose=purpose,
                number=number,
                extension=extension,
                now=self.now(),
            )
        )
        return leg.pk

    async def share_leg(self, leg: UUID) -> bool:
        return await self._run(lambda: share_leg(leg=leg, now=self.now()))

    async def leg_up(self, leg: UUID) -> bool:
        return await self._run(lambda: leg_up(leg=leg, now=self.now()))

    async def leg_over(self, leg: UUID, result: str) -> None:
        await self._run(lambda: leg_over(leg=leg, result=result, now=self.now()))

    async def number_to_dial(self, call_back: int) -> str | None:
        return await self._run(lambda: number_to_dial(call_back=call_back))

    async def take_call_back(self, offer: UUID, *, channel: str) -> UUID | None:
        return await self._run(
            lambda: take_call_back(offer=offer, channel=channel, node=self._node, now=self.now())
        )

    async def call_back_failed(self, offer: UUID, result: str) -> None:
        await self._run(lambda: call_back_failed(offer=offer, result=result, now=self.now()))

    async def changes(self, changed: Callable[[], None]) -> None:
        """Calls ``changed`` whenever somebody else changed the queue; for ever. While the
        database is away nothing is heard: whoever listens must look from time to time."""
        while True:
            try:
                await _listen(changed)
            except (psycopg.Error, OSError) as error:
                log.warning("cannot listen to the database: %s", type(error).__name__)
            await asyncio.sleep(LISTEN_AGAIN_S)


async def _listen(changed: Callable[[], None]) -> None:
    """On a connection of its own: it waits all the time."""
    settings: dict[str, Any] = connection.get_connection_params()
    known = ("host", "port", "user", "password", "dbname")
    where = make_conninfo(**{key: settings[key] for key in known if settings.get(key)})
    async with await psycopg.AsyncConnection.connect(where, autocommit=True) as listening:
        await listening.execute(f"LISTEN {QUEUE_CHANGED}")
        async for _notice in listening.notifies():
            changed()
