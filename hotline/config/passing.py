"""What the web part passes on, so that a hotline has one address: streams of the live plane,
and the softphones' signalling to Asterisk.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable
from contextlib import suppress
from urllib.parse import urlsplit

import aiohttp

from hotline.config.pages import Receive, Scope, Send, refuse

log = logging.getLogger(__name__)

PHONES_COME_FROM = "127.200.0.1"
"""To Asterisk this machine is a friend whose calls need no password. What strangers' browsers
say comes from an address that is nobody's friend (launcher/asterisk_config.py)."""
LARGEST_MESSAGE = 65_536
MOST_PHONES = 1_000
"""In one process."""
MESSAGES_A_SECOND = 50
CONNECT_WITHIN_S = 3.0
SILENT_MOST_S = 40.0
"""The live plane says something every 10 seconds."""
SEND_WITHIN_S = 20.0
_TO_LIVE = frozenset({"cookie", "host", "accept", "accept-language", "last-event-id", "origin"})
_FROM_LIVE = frozenset({"content-type", "cache-control", "vary", "allow", "retry-after"})
_GOING_AWAY, _POLICY, _AGAIN = 1001, 1008, 1012


class Passing:
    """``live`` and ``telephone`` are addresses (``http://host:port``); ``telephone`` None: this
    hotline has none. ``origin``: what people type, beside the Host that a browser asked for."""

    def __init__(self, *, live: str, telephone: str | None, origin: str) -> None:
        self._live = live
        self._telephone = telephone
        self._origin = urlsplit(origin).netloc
        self._phones = 0
        self._sessions: list[aiohttp.ClientSession] = []
        self._open: set[asyncio.Task[object]] = set()

    def end(self) -> None:
        """End what never ends by itself."""
        for task in self._open:
            task.cancel()

    async def close(self) -> None:
        self.end()
        await asyncio.gather(*self._open, return_exceptions=True)
        for session in self._sessions:
            await session.close()

    # --- streams ---------------------------------------------------------------------------

    async def stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request to the live plane, answered piece by piece as the pieces come."""
        if scope["method"] != "GET":
            await refuse(send, 405, (b"allow", b"GET"))
            return
        await self._first_of(self._pass_stream(scope, send), _disconnected(receive))

    async def _pass_stream(self, scope: Scope, send: Send) -> None:
        query = scope["query_string"].decode("latin1")
        began = False
        try:
            async with self._http(0).get(
                f"{self._live}{scope['path']}{'?' if query else ''}{query}",
                headers={k: v for k, v in _texts(scope) if k in _TO_LIVE},
                allow_redirects=False,
            ) as answer:
                headers = [
                    (name.lower().encode("latin1"), value.encode("latin1"))
                    for name, value in answer.headers.items()
                    if name.lower() in _FROM_LIVE
                ]
                await send(
                    {"type": "http.response.start", "status": answer.status, "headers": headers}
                )
                began = True
                async for piece in answer.content.iter_any():
                    async with asyncio.timeout(SEND_WITHIN_S):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if not began:
                log.warning("the live part does not answer: %s", type(error).__name__)
                await refuse(send, 503, (b"retry-after", b"1"))
                return
        await send({"type": "http.response.body", "body": b""})

    # --- softphones ------------------------------------------------------------------------

    async def telephone(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A browser's SIP websocket. Who may telephone is Asterisk's to say (by password)."""
        await receive()
        if not self._welcome(scope):
            await send({"type": "websocket.close", "code": _POLICY})
            return
        self._phones += 1
        try:
            await self._connect_phone(receive, send)
        finally:
            self._phones -= 1

    def _welcome(self, scope: Scope) -> bool:
        """A page of another site must not use a browser that is signed on here."""
        headers = dict(_texts(scope))
        origin = urlsplit(headers.get("origin", "")).netloc
        return (
            self._telephone is not None
            and self._phones < MOST_PHONES
            and bool(origin)
            and origin in {headers.get("host"), self._origin}
            and "sip" in scope.get("subprotocols", ())
        )

    async def _connect_phone(self, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                line = await self._http(1).ws_connect(
                    f"{self._telephone}/ws",
                    protocols=("sip",),
                    max_msg_size=LARGEST_MESSAGE,
                    heartbeat=30,
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Asterisk takes no phones: %s", type(error).__name__)
            await send({"type": "websocket.close", "code": _AGAIN})
            return
        try:
            await send({"type": "websocket.accept", "subprotocol": "sip"})
            await self._first_of(_up(receive, line), _down(line, send))
            with suppress(OSError, RuntimeError):  # the browser has gone
                await send({"type": "websocket.close", "code": _GOING_AWAY})
        finally:
            await line.close()

    # --- both ------------------------------------------------------------------------------

    async def _first_of(self, *works: Awaitable[None]) -> None:
        """Until one of them ends, or we do; then the others end too."""
        tasks: list[asyncio.Task[None]] = [asyncio.ensure_future(work) for work in works]
        self._open.update(tasks)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._open.difference_update(tasks)

    def _http(self, which: int) -> aiohttp.ClientSession:
        """0 to the live plane, 1 to Asterisk; made with the first use, in the running loop."""
        if not self._sessions:
            patience = aiohttp.ClientTimeout(
                total=None, sock_connect=CONNECT_WITHIN_S, sock_read=SILENT_MOST_S
            )
            own = (None, (PHONES_COME_FROM, 0))
            self._sessions = [
                aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(limit=0, local_addr=address),
                    timeout=patience,
                    auto_decompress=False,
                )
                for address in own
            ]
        return self._sessions[which]


async def _up(receive: Receive, line: aiohttp.ClientWebSocketResponse) -> None:
    """What the browser says; one that says too much, or too much at once, is cut off."""
    second, said = 0, 0
    while (message := await receive())["type"] == "websocket.receive":
        text = message.get("text") or (message.get("bytes") or b"").decode("utf-8", "replace")
        now = int(time.monotonic())
        second, said = now, said + 1 if now == second else 1
        if len(text) > LARGEST_MESSAGE or said > MESSAGES_A_SECOND:
            log.warning("a softphone was cut off: it said too much")
            return
        await line.send_str(text)


async def _down(line: aiohttp.ClientWebSocketResponse, send: Send) -> None:
    async for message in line:
        if message.type is aiohttp.WSMsgType.TEXT:
            async with asyncio.timeout(SEND_WITHIN_S):
                await send({"type": "websocket.send", "text": message.data})
        elif message.type is aiohttp.WSMsgType.BINARY:
            async with asyncio.timeout(SEND_WITHIN_S):
                await send({"type": "websocket.send", "text": message.data.decode("utf-8")})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _texts(scope: Scope) -> list[tuple[str, str]]:
    return [(name.decode("latin1"), value.decode("latin1")) for name, value in scope["headers"]]
