"""The fake Asterisk on a unix socket (what is sent there is there at once, whoever looks), in
virtual time, with faults at every request and every event."""

import asyncio
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web

from bench.faults_plan import ON_REQUEST, Fault, Plan
from hotline.edges.adapters.telephony.fake.channel import FakeChannel
from hotline.edges.adapters.telephony.fake.server import FakeAsterisk, Faults

URL = "http://asterisk.invalid"
WITHOUT_WORDS = frozenset({"sound:music", "sound:quiet"})
HURRIED_S = 1.0
LATE_S = 7.0
"""Longer than the switchboard waits for an answer."""


class FaultyAsterisk(FakeAsterisk):
    """``first`` numbers its callers, so that runs side by side never share a channel."""

    def __init__(
        self, folder: Path, plan: Plan, *, first: int, loop_time: Callable[[], float]
    ) -> None:
        recordings = folder / "recordings"
        recordings.mkdir()
        super().__init__(recordings, speed=1.0)
        self._plan = plan
        self._count = first
        self._loop_time = loop_time
        self.refusing_until = 0.0
        self.handed_back: set[str] = set()
        self.unheard: set[str] = set()
        self._rang_at: dict[str, float] = {}
        self.socket_path = folder / "ari.sock"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.UnixSite(self._runner, str(self.socket_path)).start()
        self.url = URL
        return self

    def forget_unwritten(self) -> None:
        """Callers to whom nothing was said yet may be gone before anybody writes them down:
        their first words come once the database has them."""
        self.unheard |= {
            id_ for id_, channel in self.channels.items() if set(channel.heard) <= WITHOUT_WORDS
        }

    def die(self) -> None:
        self.forget_unwritten()
        super().die()

    async def ring(self, caller: str = "0901234567") -> FakeChannel:
        channel = await super().ring(caller)
        self._rang_at[channel.id] = self._loop_time()
        return channel

    def heal(self) -> None:
        """No fault any more."""
        self.faults = Faults()
        self.refusing_until = 0.0

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        if self._loop_time() < self.refusing_until:
            raise web.HTTPServiceUnavailable
        return await super()._connect(request)

    def _do(self, what: str, given: Mapping[str, Any]) -> Any:
        done = super()._do(what, given)
        if found := re.fullmatch(r"POST channels/([^/]+)/continue", what):
            self.handed_back.add(unquote(found[1]))
        return done

    async def _request(self, socket: web.WebSocketResponse, asked: Mapping[str, Any]) -> None:
        what = f"{asked['method']} {asked['uri'].partition('?')[0]}"
        now = self._loop_time()
        fault = self._plan.strike(ON_REQUEST, now=now, what=what)
        before = self.faults.refuse, self.faults.silent, self.faults.answer_after_s
        if fault is Fault.REFUSED:
            self.faults.refuse = [("", 500)]
        await self._with(fault, socket, asked)
        if fault is Fault.REFUSED:
            self.faults.refuse = before[0]

    async def _with(
        self, fault: Fault | None, socket: web.WebSocketResponse, asked: Mapping[str, Any]
    ) -> None:
        if fault is Fault.ANSWER_LOST:
            await super()._request(_Deaf(socket), asked)  # type: ignore[arg-type]
        elif fault is Fault.ANSWER_LATE:
            await super()._request(_Late(socket), asked)  # type: ignore[arg-type]
        else:
            await super()._request(socket, asked)

    def _emit(self, event: Mapping[str, Any]) -> None:
        now = self._loop_time()
        self._plan.strike(frozenset(), now=now, what=f"event {event['type']}")
        if event["type"] == "StasisEnd":
            self._note_hurried(event["channel"]["id"], now)
        super()._emit(event)

    def _note_hurried(self, id_: str, now: float) -> None:
        """Who hangs up as soon as it rings was never answered."""
        if now < self._rang_at.get(id_, -HURRIED_S) + HURRIED_S and not self.channels[id_].heard:
            self.unheard.add(id_)


class _Deaf:
    """Whatever is answered is lost."""

    closed = True

    def __init__(self, _socket: web.WebSocketResponse) -> None:
        return


class _Late:
    """Whatever is answered comes late."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket

    @property
    def closed(self) -> bool:
        return self._socket.closed

    async def send_str(self, text: str) -> None:
        await asyncio.sleep(LATE_S)
        if not self._socket.closed:
            await self._socket.send_str(text)
