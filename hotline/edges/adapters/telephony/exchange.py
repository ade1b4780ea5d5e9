"""The exchange: callers, operators and third parties put through as the queue says.

The queue is asked how everything stands, often and whenever somebody says that it changed;
each seat is compared with Asterisk and mended where they differ. There is no other way: what
a crash or a lost message left behind is just one more difference.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

from hotline.domain.queue.seats import Seat
from hotline.edges.adapters.telephony import seating
from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.ari.events import CallCame, CallGone
from hotline.edges.adapters.telephony.desk import DatabaseAway
from hotline.edges.adapters.telephony.floor import (
    LEG,
    OPERATOR,
    OUTSIDE,
    Floor,
    id_in,
    is_other,
    leg_channel,
    operator_channel,
)
from hotline.edges.adapters.telephony.line import Level, Line, Looks
from hotline.edges.adapters.telephony.moments import moment
from hotline.edges.adapters.telephony.phones import Phones
from hotline.edges.adapters.telephony.queue_desk import QueueDesk
from hotline.edges.adapters.telephony.table import Table
from hotline.usecases.run_queue import QueueNews

log = logging.getLogger(__name__)

LOOK_S = 0.25
"""At least so often the queue is asked."""
LEAST_S = 0.02
SHARE = 25
"""The queue is asked again after so many times as long as the last answer took: looking
takes a small part of a core, however much happens."""

OUTSIDE_GRACE_S = 5.0
"""A call that is taken up after a crash needs a moment to say which line it has outside."""


class Exchange:
    """``run`` is for one task, as long as the connection to Asterisk lasts."""

    def __init__(
        self,
        desk: QueueDesk,
        floor: Floor,
        table: Table,
        phones: Phones,
        lines: Mapping[str, Line],
        *,
        dials: bool,
    ) -> None:
        self._desk = desk
        self._floor = floor
        self._table = table
        self._phones = phones
        self._lines = lines
        self._dials = dials
        self._changed = asyncio.Event()
        self._looks = Looks()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._touched: dict[int, float] = {}
        self._tidying: asyncio.Task[None] | None = None
        self._keeping: asyncio.Task[None] | None = None

    # --- what others say --------------------------------------------------------------

    def look_soon(self) -> None:
        self._changed.set()

    def came(self, event: CallCame) -> None:
        """Somebody whom we dialled has answered."""
        self._floor.came(event.channel)
        self._tell_driver(event.channel)
        self.look_soon()

    def gone(self, event: CallGone) -> None:
        """Any channel has ended. The queue has nothing new by one of a caller who was with
        the callbot."""
        was_put_through = self._floor.bridge_of(event.channel) is not None
        self._floor.gone(event.channel, event.cause)
        line = self._lines.get(event.channel)
        if is_other(event.channel):
            self._tell_driver(event.channel)
            self.look_soon()
        elif was_put_through or (line is not None and _is_with_people(line)):
            self.look_soon()

    def _tell_driver(self, channel: str) -> None:
        if not channel.startswith(OUTSIDE):
            return
        for line in self._lines.values():
            if line.outside == channel:
                line.wake()

    async def talks(self) -> dict[UUID, UUID]:
        """Who speaks with an operator now: offers by contact. Raises DatabaseAway."""
        news = await self._desk.look(dials=False)
        return {
            seat.contact: seat.offer.id
            for seat in news.seats
            if seat.contact is not None and seat.offer is not None and seat.offer.state == "talking"
        }

    # --- looking ----------------------------------------------------------------------

    async def run(self) -> None:
        listening = asyncio.create_task(self._desk.changes(self.look_soon))
        try:
            await self._note_answered()
            while True:
                took_s = await self._look()
                await asyncio.sleep(min(LOOK_S, max(LEAST_S, SHARE * took_s)))
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await self._changed.wait()
        finally:
            tasks = {listening, *self._busy.values()}
            tasks |= {task for task in (self._tidying, self._keeping) if task is not None}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _note_answered(self) -> None:
        """Operators who took a call while nobody was here: said before the queue looks at its
        timers, by which their phones may have rung for too long."""
        for other in list(self._floor.others.values()):
            offer = id_in(other.id)
            if other.up and offer is not None and other.id.startswith(OPERATOR):
                with suppress(DatabaseAway):
                    await self._desk.operator_answered(offer)

    async def _look(self) -> float:
        """Returns how long the answer took."""
        self._changed.clear()
        asked = moment()
        try:
            news = await self._desk.look(dials=self._dials)
        except DatabaseAway:
            log.error("the database is away: nobody can be put through")
            return LOOK_S
        except Exception:
            log.exception("the queue could not be asked")
            return LOOK_S
        took_s = moment() - asked
        self._take(news, asked)
        return took_s

    def _take(self, news: QueueNews, asked: float) -> None:
        self._tell(news, asked)
        self._touched = {key: at for key, at in self._touched.items() if at > asked}
        for seat in news.seats:
            if seat.ticket in self._busy or seat.ticket in self._touched:
                continue  # what was said of it may be older than what was done
            if not seating.at_rest(seat, self._floor):
                self._begin(seat)
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy(news, asked))
        if self._keeping is None or self._keeping.done():
            # beside it: a slow answer here must not leave a phone ringing for two
            self._keeping = asyncio.create_task(self._keep_phones(news))

    def _tell(self, news: QueueNews, asked: float) -> None:
        """Each driver learns how its caller stands. Most stand as they stood before."""
        before, self._looks.asked = self._looks.asked, asked
        seated = set()
        for seat in news.seats:
            line = self._lines.get(seat.channel or "")
            if line is None:
                continue
            seated.add(line.channel)
            if line.level is None or line.level.seat is not seat or before < line.since:
                line.tell(Level(seat, self._looks), before=before)
        for channel, line in self._lines.items():
            if channel in seated:
                continue
            if line.waiter is not None:
                line.tell(Level(None, self._looks), before=before)
            else:
                line.level = None

    def _begin(self, seat: Seat) -> None:
        task = self._busy[seat.ticket] = asyncio.create_task(self._mend(seat))

        def done(_task: asyncio.Task[None]) -> None:
            self._busy.pop(seat.ticket, None)
            self._touched[seat.ticket] = moment()
            self.look_soon()

        task.add_done_callback(done)

    async def _mend(self, seat: Seat) -> None:
        try:
            await self._table.mend(seat)
        except AriError as error:
            log.warning("a call could not be put through now: %s", error)
            await asyncio.sleep(LOOK_S)
        except DatabaseAway:
            log.error("the database is away: a call is not put through")
        except Exception:
            log.exception("a call could not be put through")
            await asyncio.sleep(LOOK_S)

    # --- what nobody needs ------------------------------------------------------------

    async def _tidy(self, news: QueueNews, asked: float) -> None:
        """Channels and bridges that belong to no seat any more go; operators who were on
        them are free again."""
        try:
            old = [other for other in self._floor.others.values() if other.since < asked]
            wanted = self._wanted(news) if old else set()
            for other in old:
                grace_s = OUTSIDE_GRACE_S if other.id.startswith(OUTSIDE) else 0
                if other.id not in wanted and other.since < asked - grace_s:
                    await self._release(other.id)
            for bridge, made in list(self._floor.bridges.items()):
                if made < asked and not self._floor.inside(bridge):
                    await self._floor.end_bridge(bridge)
        except AriError as error:
            log.warning("what is left over could not be removed: %s", error)
        except DatabaseAway:
            log.error("the database is away: what is left over stays")

    async def _keep_phones(self, news: QueueNews) -> None:
        try:
            await self._phones.keep(news.phones)
        except AriError as error:
            log.warning("the pages' phones are not as they should be: %s", error)

    def _wanted(self, news: QueueNews) -> set[str]:
        wanted = {line.outside for line in self._lines.values() if line.outside is not None}
        wanted |= {channel for channel in self._lines if channel.startswith(LEG)}
        for seat in news.seats:
            if seat.offer is not None:
                wanted.add(operator_channel(seat.offer.id))
            if seat.leg is not None:
                wanted.add(leg_channel(seat.leg.id))
            if seat.channel is not None:
                wanted.add(seat.channel)
        return wanted

    async def _release(self, channel: str) -> None:
        id_ = id_in(channel)
        if id_ is not None and channel.startswith(OPERATOR):
            await self._desk.talk_over(id_, by="caller")
        elif id_ is not None and channel.startswith(LEG):
            await self._desk.leg_over(
                id_, "answered" if self._floor.is_up(channel) else "cancelled"
            )
        await self._floor.hang_up(channel)


def _is_with_people(line: Line) -> bool:
    """Whether the caller waits for somebody, is offered to them or speaks with them."""
    seat = line.level.seat if line.level is not None else None
    return line.waiter is not None or (seat is not None and seat.state != "with_bot")
