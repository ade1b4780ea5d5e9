"""The switchboard: one process that speaks with every caller of one Asterisk.

PostgreSQL knows what was said, Asterisk knows who is on the line; the switchboard holds
nothing that it could not find again. So there is one way to begin, after a start, after a
lost connection and every few seconds: look at both and take up what nobody drives.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from hotline.core.errors import AdapterError
from hotline.edges.adapters.telephony import missed
from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.ari.client import Ari, Channel
from hotline.edges.adapters.telephony.ari.connection import Connection, connect
from hotline.edges.adapters.telephony.ari.events import (
    CallCame,
    CallGone,
    Event,
    HangUpAsked,
    Replaced,
)
from hotline.edges.adapters.telephony.call import Call, Tools
from hotline.edges.adapters.telephony.caller import Persons
from hotline.edges.adapters.telephony.desk import DatabaseAway, Desk
from hotline.edges.adapters.telephony.dialling import DIALLED, NO_LINES, Dialler, Lines
from hotline.edges.adapters.telephony.exchange import Exchange
from hotline.edges.adapters.telephony.floor import Floor, is_other
from hotline.edges.adapters.telephony.gone import end_gone_call
from hotline.edges.adapters.telephony.line import Line
from hotline.edges.adapters.telephony.moments import moment
from hotline.edges.adapters.telephony.phones import PushedPhones
from hotline.edges.adapters.telephony.speech import Speech
from hotline.edges.adapters.telephony.spool import Spool
from hotline.edges.adapters.telephony.table import Table
from hotline.edges.adapters.telephony.unwritten import Unwritten
from hotline.edges.adapters.telephony.voice import Voice
from hotline.usecases.live_calls import LiveCall

log = logging.getLogger(__name__)

APP = "hotline"
BEAT_S = 2.0
LOOK_S = 5.0
"""How often calls that nobody drives and notes of missed calls are looked for."""
LOOK_AGAIN_S = 0.5
"""How soon after a call stopped for want of an answer it is taken up again."""
RETRY_MOST_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where Asterisk is, where it leaves recordings and notes of missed calls, and which
    lines lead outside."""

    url: str
    user: str
    password: str
    recordings: Path
    missed: Path
    outside: Lines = NO_LINES


@dataclass(frozen=True, slots=True)
class _Room:
    """What one connection to Asterisk works with."""

    tools: Tools
    floor: Floor
    exchange: Exchange


class Switchboard:
    def __init__(self, where: Where, *, desk: Desk, voice: Voice) -> None:
        self._where = where
        self._desk = desk
        self._voice = voice
        self._spool = Spool(where.recordings)
        self._lines: dict[str, Line] = {}
        self._unwritten = Unwritten(where.missed)
        self._calls: set[asyncio.Task[None]] = set()
        self._look_now = asyncio.Event()
        self._trouble = "not connected to Asterisk"
        self._seen = False

    async def run(self) -> None:
        """For ever; ends only by being cancelled."""
        beating = asyncio.create_task(self._beat())
        pause_s = 0.1
        try:
            while True:
                try:
                    await asyncio.to_thread(self._voice.prepare)
                    await self._serve()
                    pause_s = 0.1
                except AdapterError as error:
                    log.warning("no calls can be taken: %s", error)
                    self._trouble = str(error)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, RETRY_MOST_S)
        finally:
            await _cancel({beating})

    async def _serve(self) -> None:
        """One connection, until it is lost. Raises AriError."""
        where = self._where
        connection = await connect(url=where.url, user=where.user, password=where.password, app=APP)
        room, self._seen = self._furnish(connection), False
        looking = asyncio.create_task(self._look(room))
        try:
            self._trouble = ""
            await connection.listen(partial(self._take, room))
        finally:
            # the calls live on in Asterisk; whoever connects next takes them up
            await _cancel({looking, *self._calls})
            self._lines.clear()
            await connection.close()
        raise AriError("the connection to Asterisk was lost")

    def _furnish(self, connection: Connection) -> _Room:
        ari, queue, outside = Ari(connection, app=APP), self._desk.queue, self._where.outside
        floor = Floor(ari)
        dialler = Dialler(ari, floor, outside)
        speech = Speech(ari, self._voice, self._lines)

        def adopt(channel: str, contact: UUID) -> None:
            self._start(channel, lambda line: Call(tools, line).resume_contact(contact))

        table = Table(queue, floor, dialler, speech, self._lines, adopt)
        exchange = Exchange(
            queue, floor, table, PushedPhones(connection), self._lines, dials=outside.dials
        )
        persons = Persons(queue, floor, dialler, exchange.look_soon, exchange.talks)
        tools = Tools(ari, self._desk, self._voice, self._spool, persons)
        return _Room(tools, floor, exchange)

    def _take(self, room: _Room, event: Event) -> None:
        if isinstance(event, Replaced):
            raise AriError("another switchboard has taken this Asterisk")
        if isinstance(event, CallCame):
            self._came(room, event)
        elif isinstance(event, HangUpAsked):
            room.floor.leaves(event.channel, event.cause)
        else:
            if line := self._lines.get(event.channel):
                line.put(event)
            if isinstance(event, CallGone):
                room.exchange.gone(event)

    def _came(self, room: _Room, event: CallCame) -> None:
        if is_other(event.channel) and event.arguments[:1] and event.arguments[0] in DIALLED:
            room.exchange.came(event)
        else:
            number = caller_number(event.caller, event.arguments)
            self._start_new(room, event.channel, number)

    def _start_new(
        self, room: _Room, channel: str, number: str | None, *, found: bool = False
    ) -> None:
        at = self._desk.queue.now()
        self._start(
            channel,
            lambda line: self._unwritten.take(
                Call(room.tools, line), channel, number, at=at, found=found
            ),
        )

    def _start(self, channel: str, drive: Callable[[Line], Coroutine[Any, Any, None]]) -> None:
        """Nobody else may drive the channel already."""
        if channel in self._lines:
            return
        line = self._lines[channel] = Line(channel)
        task = asyncio.create_task(drive(line))
        self._calls.add(task)

        def done(task: asyncio.Task[None]) -> None:
            self._calls.discard(task)
            if self._lines.get(channel) is line:
                del self._lines[channel]
            if not task.cancelled() and (error := task.exception()):
                log.warning("a call stopped and is taken up again: %s", error)
                self._look_now.set()

        task.add_done_callback(done)

    # --- taking up what nobody drives -----------------------------------------------

    async def _look(self, room: _Room) -> None:
        putting_through: asyncio.Task[None] | None = None
        try:
            while True:
                self._look_now.clear()
                try:
                    there = await self._take_up(room)
                    if putting_through is None:  # what stands in Asterisk is known now
                        putting_through = asyncio.create_task(room.exchange.run())
                    there = {*there, *self._lines}
                    await missed.take_notes(self._desk, self._where.missed, there=there)
                except AriError as error:
                    log.warning("could not look for calls: %s", error)
                except DatabaseAway:
                    log.error("the database is away: calls cannot be taken up")
                except Exception:
                    log.exception("looking for calls failed")
                await asyncio.sleep(LOOK_AGAIN_S)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await self._look_now.wait()
        finally:
            await _cancel({putting_through} if putting_through is not None else set())

    async def _take_up(self, room: _Room) -> Collection[str]:
        """Returns every channel that lives."""
        asked = self._desk.queue.now()
        # Asterisk is asked first: a call that begins in between is then in neither list
        channels = await self._see(room)
        live = {call.channel: call for call in await self._desk.live_calls()}
        for id_, channel in channels.items():
            known = live.get(id_)
            if not channel.ours or id_ in self._lines or (is_other(id_) and known is None):
                continue
            if not await room.tools.ari.follow(id_):
                continue  # gone since: the next look finds that it is
            if known is None:
                number = caller_number(channel.caller, channel.arguments)
                self._start_new(room, id_, number, found=True)
            else:
                self._start(id_, partial(_resume, room.tools, known))
        gone: list[LiveCall] = []
        for id_, known in live.items():
            if id_ not in channels and id_ not in self._lines:
                gone.append(known)
        talks = await room.exchange.talks() if gone else {}
        for known in gone:
            if known.contact in talks:
                await self._desk.queue.talk_over(talks[known.contact], by="caller")
            await end_gone_call(self._desk, self._spool, known)

        self._unwritten.done(*live)
        for id_, rang in self._unwritten.missed(there={*channels, *self._lines}, before=asked):
            await self._desk.take_missed(unique_id=id_, number=rang.number, at=rang.at)
            self._unwritten.done(id_)
        return channels

    async def _see(self, room: _Room) -> dict[str, Channel]:
        asked = moment()
        channels = await room.tools.ari.channels()
        others = {channel.id for channel in channels if is_other(channel.id)}
        new = others - room.floor.others.keys()
        if not self._seen or new or room.floor.bridges:
            room.floor.see(channels, await room.tools.ari.bridges(), asked=asked)
        self._seen = True
        for id_ in new:
            await room.tools.ari.follow(id_)
        return {channel.id: channel for channel in channels}

    # --- signs of life ---------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            detail = self._trouble or f"{len(self._lines)} calls"
            try:
                await self._desk.end_lines()
                await self._desk.beat(up=not self._trouble, detail=detail)
            except DatabaseAway:
                log.error("the database is away")
            except Exception:
                log.exception("the sign of life failed")
            await asyncio.sleep(BEAT_S)


def caller_number(caller: str, arguments: tuple[str, ...]) -> str | None:
    """The number of who rings. The dialplan's second argument is the presentation: a number
    that the caller withholds is not ours, even where the carrier tells it."""
    withheld = len(arguments) > 1 and arguments[1].startswith("prohib")
    return None if withheld or not caller else caller


async def _resume(tools: Tools, known: LiveCall, line: Line) -> None:
    await Call(tools, line).resume(known)


async def _cancel(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
