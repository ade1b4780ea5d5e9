"""The switchboard: one process that speaks with every caller of one Asterisk.

PostgreSQL knows what was said, Asterisk knows who is on the line; the switchboard holds
nothing that it could not find again. So there is one way to begin, after a start, after a
lost connection and every few seconds: look at both and take up what nobody drives.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hotline.core.errors import AdapterError
from hotline.edges.adapters.telephony import missed
from hotline.edges.adapters.telephony.ari.client import Ari, Channel
from hotline.edges.adapters.telephony.ari.connection import AriError, connect
from hotline.edges.adapters.telephony.ari.events import CallCame, Event, Replaced
from hotline.edges.adapters.telephony.call import Call, Tools
from hotline.edges.adapters.telephony.desk import DatabaseAway, Desk
from hotline.edges.adapters.telephony.gone import end_gone_call
from hotline.edges.adapters.telephony.line import Line
from hotline.edges.adapters.telephony.spool import Spool
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
    """Where Asterisk is, and where it leaves recordings and notes of missed calls."""

    url: str
    user: str
    password: str
    recordings: Path
    missed: Path


class Switchboard:
    def __init__(self, where: Where, *, desk: Desk, voice: Voice) -> None:
        self._where = where
        self._desk = desk
        self._voice = voice
        self._spool = Spool(where.recordings)
        self._lines: dict[str, Line] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._look_now = asyncio.Event()
        self._trouble = "not connected to Asterisk"

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
        tools = Tools(Ari(connection, app=APP), self._desk, self._voice, self._spool)
        looking = asyncio.create_task(self._look(tools))
        preparing = asyncio.create_task(tools.ari.prepare())
        try:
            self._trouble = ""
            async for event in connection.events():
                self._take(event, tools)
        finally:
            # the calls live on in Asterisk; whoever connects next takes them up
            await _cancel({looking, preparing, *self._calls})
            self._lines.clear()
            await connection.close()
        raise AriError("the connection to Asterisk was lost")

    def _take(self, event: Event, tools: Tools) -> None:
        if isinstance(event, CallCame):
            number = caller_number(event.caller, event.arguments)
            self._start(event.channel, lambda line: Call(tools, line).take(number))
        elif isinstance(event, Replaced):
            raise AriError("another switchboard has taken this Asterisk")
        elif line := self._lines.get(event.channel):
            line.put(event)

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

    async def _look(self, tools: Tools) -> None:
        while True:
            self._look_now.clear()
            try:
                await self._take_up(tools)
                await self._take_missed()
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

    async def _take_up(self, tools: Tools) -> None:
        # Asterisk is asked first: a call that begins in between is then in neither list
        channels = {channel.id: channel for channel in await tools.ari.channels()}
        live = {call.channel: call for call in await self._desk.live_calls()}
        for id_, channel in channels.items():
            if not channel.ours or id_ in self._lines:
                continue
            await tools.ari.follow(id_)
            self._start(id_, partial(_take_up, tools, channel, live.get(id_)))
        for id_, known in live.items():
            if id_ not in channels and id_ not in self._lines:
                await end_gone_call(self._desk, self._spool, known)

    async def _take_missed(self) -> None:
        for note in await asyncio.to_thread(lambda: list(missed.notes(self._where.missed))):
            await self._desk.take_missed(unique_id=note.unique_id, number=note.number, at=note.at)
            note.file.unlink(missing_ok=True)

    # --- signs of life ---------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            detail = self._trouble or f"{len(self._lines)} calls"
            try:
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


async def _take_up(tools: Tools, channel: Channel, known: LiveCall | None, line: Line) -> None:
    call = Call(tools, line)
    if known is not None:
        await call.resume(known)
    else:
        number = caller_number(channel.caller, channel.arguments)
        await call.take(number, found=True)


async def _cancel(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
