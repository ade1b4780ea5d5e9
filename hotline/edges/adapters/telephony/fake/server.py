"""The fake Asterisk's HTTP side: one websocket for events and requests."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from aiohttp import web

from hotline.edges.adapters.telephony.fake.bridges import Bridges, FakePhone
from hotline.edges.adapters.telephony.fake.channel import (
    FakeChannel,
    Playback,
    Recording,
    Ways,
)
from hotline.edges.adapters.telephony.fake.refused import Refused


@dataclass
class Faults:
    """``refuse``: (pattern of ``METHOD uri``, status) for the next request that matches;
    ``answer_after_s``: answers come so much later than their effect; ``silent``: a pattern
    of requests that are never answered; ``deaf``: to so many connections that come next no event
    is sent, though they are answered."""

    refuse: list[tuple[str, int]] = field(default_factory=list)
    answer_after_s: float = 0.0
    silent: str = ""
    deaf: int = 0


class FakeAsterisk:
    """Use as ``async with FakeAsterisk(folder) as asterisk``; ``url`` is its address. What was
    asked of it stands in ``asked``, as ``METHOD uri``."""

    def __init__(self, folder: Path, *, speed: float = 20.0) -> None:
        self.ways = Ways(folder=folder, speed=speed)
        self.faults = Faults()
        self.asked: list[str] = []
        self.sent_back: list[str] = []
        self.channels: dict[str, FakeChannel] = {}
        self.exchange = Bridges(
            self.channels, self.ways, self._emit, is_watched=lambda: self._socket is not None
        )
        self.url = ""
        self._socket: web.WebSocketResponse | None = None
        self._allowed: set[str] | None = None
        self._is_deaf = False
        self._answers: set[asyncio.Task[None]] = set()
        self._count = 0
        app = web.Application()
        app.router.add_get("/ari/events", self._connect)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.ways.speed = 1000
        await asyncio.gather(*(channel.end() for channel in self.channels.values()))
        for answer in self._answers:
            answer.cancel()
        await self._runner.cleanup()

    # --- what a test does ---------------------------------------------------------------

    async def ring(self, caller: str = "0901234567") -> FakeChannel:
        """Somebody rings; nobody at the switchboard: ``ours`` is false."""
        self._count += 1
        id_ = f"fake-{self._count}"
        channel = FakeChannel(id_, caller, self.ways, self._emit)
        self.channels[id_] = channel
        if self._socket is None:
            channel.ours = False
        self._emit(
            {
                "type": "StasisStart",
                "application": "hotline",
                "args": ["1022", "allowed"],
                "channel": channel.described(),
            }
        )
        return channel

    @property
    def phones(self) -> dict[str, FakePhone]:
        """Who can be dialled, by endpoint; nobody else is there."""
        return self.exchange.phones

    def drop(self) -> None:
        """The connection breaks; the channels stay."""
        socket, self._socket = self._socket, None
        if socket is not None and socket._req is not None and socket._req.transport is not None:
            socket._req.transport.abort()

    def die(self) -> None:
        """As kill -9: every channel is gone, and nobody says so."""
        for channel in self.channels.values():
            channel._work.cancel()
            channel.ended.set()
        self.channels.clear()
        self.exchange.clear()
        self.drop()

    async def say(self, text: str) -> None:
        """Send something as it is."""
        if self._socket is not None:
            await self._socket.send_str(text)

    # --- the websocket --------------------------------------------------------------------

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket, self._allowed, self._is_deaf = socket, None, self.faults.deaf > 0
        self.faults.deaf -= self._is_deaf
        async for message in socket:
            text = message.data
            task = asyncio.create_task(self._request(socket, json.loads(text)))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)
        if self._socket is socket:
            self._socket = None
        return socket

    async def _request(self, socket: web.WebSocketResponse, asked: Mapping[str, Any]) -> None:
        parts = urlsplit(asked["uri"])
        what = f"{asked['method']} {parts.path}"
        self.asked.append(what)
        if self.faults.silent and re.search(self.faults.silent, what):
            return
        given = dict(parse_qsl(parts.query)) | json.loads(asked.get("message_body") or "{}")
        try:
            status, body = 200, self._do(what, given)
            if isinstance(body, Awaitable):
                body = await body
        except Refused as refused:
            status, body = refused.status, {"message": "refused"}
        await asyncio.sleep(self.faults.answer_after_s)
        answer = {
            "type": "RESTResponse",
            "request_id": asked["request_id"],
            "status_code": status if body is not None else 204,
            "message_body": json.dumps(body) if body is not None else "",
        }
        if not socket.closed and (self._allowed is None or "RESTResponse" in self._allowed):
            await socket.send_str(json.dumps(answer))

    def deafen(self) -> None:
        """No event any more on this connection; answers still."""
        self._is_deaf = True

    def _emit(self, event: Mapping[str, Any]) -> None:
        socket = self._socket
        if socket is None or socket.closed or self._is_deaf:
            return
        if self._allowed is not None and event["type"] not in self._allowed:
            return
        task = asyncio.create_task(_send(socket, json.dumps(event)))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    # --- the requests -----------------------------------------------------------------------

    def _do(self, what: str, given: Mapping[str, Any]) -> Any:
        for fault in self.faults.refuse:
            if re.search(fault[0], what):
                self.faults.refuse.remove(fault)
                raise Refused(fault[1])
        for pattern, act in _ROUTES.items():
            if found := re.fullmatch(pattern, what):
                return act(self, *map(unquote, found.groups()), given)
        for pattern, handle in self.exchange.routes.items():
            if found := re.fullmatch(pattern, what):
                return handle(*map(unquote, found.groups()), given)
        raise Refused(404)

    def _channel(self, id_: str) -> FakeChannel:
        channel = self.channels.get(id_)
        if channel is None or channel.ended.is_set():
            raise Refused(404)
        if not channel.ours:
            raise Refused(409)
        return channel

    def _command(self, kind: type[Playback] | type[Recording], name: str) -> Any:
        for channel in self.channels.values():
            if command := channel.find(kind, name):
                return command
        raise Refused(404)

    def _list(self, _given: Mapping[str, Any]) -> Any:
        alive = [channel for channel in self.channels.values() if not channel.ended.is_set()]
        return [channel.described() for channel in alive]

    def _filter(self, app: str, given: Mapping[str, Any]) -> Any:
        self._allowed = {kind["type"] for kind in given["allowed"]}
        return self._described(app)

    def _described(self, app: str) -> Any:
        return {"name": app, "events_allowed": [{"type": kind} for kind in self._allowed or ()]}

    def _say_back(self, name: str, given: Mapping[str, Any]) -> None:
        said = {"type": "ChannelUserevent", "eventname": name, "userevent": {}}
        self._emit({**said, "application": given["application"]})

    def _follow(self, app: str, given: Mapping[str, Any]) -> Any:
        channel = self.channels.get(given["eventSource"].removeprefix("channel:"))
        if channel is None or channel.ended.is_set():
            raise Refused(422)
        channel.followed = True
        return self._described(app)

    def _play(self, id_: str, playback: str, given: Mapping[str, Any]) -> Any:
        if not given.get("media"):
            raise Refused(400)
        self._channel(id_).add(Playback(playback, given["media"]))
        return {"id": playback}

    def _record(self, id_: str, given: Mapping[str, Any]) -> Any:
        recording = Recording(
            given["name"], float(given["maxDurationSeconds"]), float(given["maxSilenceSeconds"])
        )
        self._channel(id_).add(recording)
        return {"name": recording.name}

    def _stop(self, kind: type[Playback] | type[Recording], name: str) -> None:
        self._command(kind, name).stopped.set()

    def _end(self, id_: str, _given: Mapping[str, Any]) -> Any:
        channel = self.channels.get(id_)
        if channel is None or channel.ended.is_set():
            raise Refused(404)
        task = asyncio.create_task(channel.end(asked=False))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        return None

    def _send_back(self, id_: str, given: Mapping[str, Any]) -> Any:
        channel = self._channel(id_)
        self.sent_back.append(f"{given['context']},{given['extension']}")
        channel.leave()
        return None


async def _send(socket: web.WebSocketResponse, text: str) -> None:
    if not socket.closed:
        await socket.send_str(text)


_ROUTES: Mapping[str, Callable[..., Any]] = {
    r"GET endpoints/PJSIP": lambda _fake, _given: [],
    r"(?:PUT|DELETE) asterisk/config/dynamic/(.+)": lambda _fake, _name, _given: [],
    r"POST events/user/([^/]+)": FakeAsterisk._say_back,
    r"GET channels": FakeAsterisk._list,
    r"POST channels/([^/]+)/answer": lambda fake, id_, _given: fake._channel(id_) and None,
    r"POST channels/([^/]+)/continue": FakeAsterisk._send_back,
    r"POST channels/([^/]+)/play/([^/]+)": FakeAsterisk._play,
    r"POST channels/([^/]+)/record": FakeAsterisk._record,
    r"DELETE channels/([^/]+)": FakeAsterisk._end,
    r"GET playbacks/([^/]+)": lambda fake, id_, _given: {"id": fake._command(Playback, id_).id},
    r"DELETE playbacks/([^/]+)": lambda fake, id_, _given: fake._stop(Playback, id_),
    r"GET recordings/live/([^/]+)": lambda fake, name, _given: {
        "name": fake._command(Recording, name).name
    },
    r"POST recordings/live/([^/]+)/stop": lambda fake, name, _given: fake._stop(Recording, name),
    r"PUT applications/([^/]+)/eventFilter": FakeAsterisk._filter,
    r"POST applications/([^/]+)/subscription": FakeAsterisk._follow,
}
