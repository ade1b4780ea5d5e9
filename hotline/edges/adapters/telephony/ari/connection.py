"""One websocket to Asterisk: requests go up, answers and events come down.

Asterisk 22.4 and later take REST requests over the event websocket, which costs a third of
HTTP. Answers and events share one order only among themselves: an event that a request
caused may come before its answer.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Literal

import aiohttp
import orjson

from hotline.edges.adapters.telephony.ari import events
from hotline.edges.adapters.telephony.ari.asking import (
    Answer,
    AriError,
    Asked,
    Group,
    content,
    message,
)
from hotline.edges.adapters.telephony.ari.cork import Cork

log = logging.getLogger(__name__)

TEXT = aiohttp.WSMsgType.TEXT
CLOSED = (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED)
REQUEST_TIMEOUT_S = 5.0
FIRST_ANSWER_S = 1.0
"""Asterisk answers within milliseconds, or (see ``connect``) never."""
ECHO = "ChannelUserevent"
"""The event by which Asterisk returns what we ask it to say to ourselves."""
LATE = "no answer in time"
TRIES = 3
"""Connections that are made anew because no answer came."""
PING_S = 2.0
"""A websocket that brings no event for this long is asked for one; one that does not bring it
within as long is dead: Asterisk froze, or the network, or it has forgotten us."""


Socket = aiohttp.ClientWebSocketResponse[Literal[False]]
"""Messages come as bytes."""


class Connection:
    """Made by ``connect``. Requests may run at the same time from many tasks; ``listen``
    is for one listener and ends when the connection does."""

    def __init__(self, http: aiohttp.ClientSession, socket: Socket, *, app: str) -> None:
        self._app = app
        self._http = http
        self._socket = socket
        self._cork = Cork(socket.get_extra_info("socket"))
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, tuple[Group, int]] = {}
        self._unheard: list[events.Event] = []
        self._deliver: Callable[[events.Event], None] = self._unheard.append
        self._count = 0
        self._closed = False
        self._heard_at = self._event_at = self._loop.time()
        self._echo: asyncio.Future[None] | None = None
        self._reader = asyncio.create_task(self._read())
        self._watch = asyncio.create_task(self._see_that_it_lives())

    async def request(
        self,
        method: str,
        uri: str,
        /,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        *,
        timeout_s: float | None = None,
    ) -> Any:
        """Returns the decoded answer (None if it has no body). ``uri`` is relative to
        ``/ari``, as ``channels/ID/answer``; ``body`` goes as JSON. Raises AriError."""
        asked = Asked(method, uri, query, body)
        (answer,) = await self.requests((asked,), timeout_s=timeout_s or REQUEST_TIMEOUT_S)
        if isinstance(answer, AriError):
            raise answer
        return content(answer, asked)

    async def requests(
        self, asked: Sequence[Asked], *, timeout_s: float = REQUEST_TIMEOUT_S
    ) -> list[Answer | AriError]:
        """Several at once: Asterisk does them in this order, without waiting for us in between.
        Each has its answer, or its AriError. Raises AriError if none could be asked."""
        if self._closed:
            raise AriError("not connected")
        if not asked:
            return []
        group = Group(asked, self._loop.create_future())
        first, asked_at = self._count + 1, self._loop.time()
        self._count += len(asked)
        self._waiting |= {str(first + index): (group, index) for index in range(len(asked))}
        # a plain timer: asyncio.timeout does more than is needed, for every request of a call
        timer = self._loop.call_later(timeout_s, group.give_up, LATE)
        try:
            with self._cork if len(asked) > 1 else nullcontext():
                for number, one in enumerate(asked, start=first):
                    await self._socket.send_frame(message(str(number), one), TEXT)
            await group.done
        except (ConnectionError, aiohttp.ClientError) as error:
            raise AriError("connection lost") from error
        finally:
            timer.cancel()
            for number in range(first, first + len(asked)):
                self._waiting.pop(str(number), None)
        if group.why == LATE and self._heard_at < asked_at:
            self._reader.cancel()  # nothing comes any more: let somebody connect anew
        return group.results()

    async def listen(self, deliver: Callable[[events.Event], None]) -> None:
        """Every event is handed to ``deliver`` as it comes, those that came before at once;
        returns when the connection has ended. What ``deliver`` raises ends the connection and
        comes out here."""
        unheard, self._unheard, self._deliver = self._unheard, [], deliver
        for event in unheard:
            deliver(event)
        await asyncio.wait([self._reader])
        if not self._reader.cancelled() and (error := self._reader.exception()) is not None:
            raise error

    async def brings_events(self, *, within_s: float) -> bool:
        """Whether what happens in our application comes to us. Answers may go on to come where
        it does not (see ``connect``)."""
        echo = self._echo = self._loop.create_future()
        query = {"application": self._app}
        try:
            async with asyncio.timeout(within_s):
                await self.request("POST", "events/user/echo", query, timeout_s=within_s)
                await echo
        except (AriError, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        self._watch.cancel()
        self._reader.cancel()
        await asyncio.gather(self._watch, self._reader, return_exceptions=True)
        self._cork.close()
        await self._socket.close()
        await self._http.close()

    async def _read(self) -> None:
        try:
            # the socket as an iterator would do the same with one more step for every message
            while (message := await self._socket.receive()).type not in CLOSED:
                self._heard_at = self._loop.time()
                if message.type is TEXT:
                    self._take(message.data)
        finally:
            self._closed = True
            for group, _index in self._waiting.values():
                group.give_up("connection lost")

    async def _see_that_it_lives(self) -> None:
        """Asterisk is asked something if nothing came for a while: aiohttp's own heartbeat
        costs as much as reading, for it is wound up anew by every message."""
        while True:
            event_at = self._event_at
            await asyncio.sleep(PING_S)
            if self._event_at == event_at and not await self.brings_events(within_s=PING_S):
                self._reader.cancel()
                return

    def _take(self, text: bytes) -> None:
        try:
            heard = orjson.loads(text)
            if type(heard) is dict and heard.get("type") == "RESTResponse":
                self._answer(heard)
                return
            self._event_at = self._heard_at
            if type(heard) is dict and heard.get("type") == ECHO:
                if self._echo is not None and not self._echo.done():
                    self._echo.set_result(None)
                return
            event = events.read(heard)
        except (ValueError, RecursionError) as error:
            # Unreadable is a ValueError too. Numbers and names stay out of the log.
            reason = str(error) if isinstance(error, events.Unreadable) else "not JSON"
            log.warning("skipped a message of Asterisk: %s", reason)
            return
        self._deliver(event)

    def _answer(self, answer: Answer) -> None:
        waiting = self._waiting.pop(str(answer.get("request_id")), None)
        if waiting is not None:
            group, index = waiting
            group.take(index, answer)


async def connect(*, url: str, user: str, password: str, app: str) -> Connection:
    """A connection that has brought an event and carries only those that we read. ``url`` is
    Asterisk's HTTP address (``http://127.0.0.1:10223``). Raises AriError."""
    # Whoever connects while Asterisk still clears away the connection before may see the
    # application removed from under them: then no answer comes, nor any event; or, while it has
    # channels, made deaf: then answers come, but no event.
    for again in range(TRIES):
        http, socket = await _open(url=url, user=user, password=password, app=app)
        connection = Connection(http, socket, app=app)
        try:
            async with asyncio.timeout(FIRST_ANSWER_S):
                # Asterisk sends its answers through the same filter as its events
                allowed = [{"type": kind} for kind in (*events.READERS, ECHO, "RESTResponse")]
                await connection.request(
                    "PUT", f"applications/{app}/eventFilter", body={"allowed": allowed}
                )
                if await connection.brings_events(within_s=FIRST_ANSWER_S):
                    return connection
        except TimeoutError:
            pass
        except BaseException:
            await connection.close()
            raise
        log.info("Asterisk took the connection and says nothing (%d)", again + 1)
        await connection.close()
    raise AriError("Asterisk takes connections and says nothing")


async def _open(
    *, url: str, user: str, password: str, app: str
) -> tuple[aiohttp.ClientSession, Socket]:
    http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    try:
        async with asyncio.timeout(REQUEST_TIMEOUT_S):
            return http, await http.ws_connect(
                f"{url}/ari/events",
                params={"app": app, "subscribeAll": "false"},
                headers={"Authorization": aiohttp.encode_basic_auth(user, password)},
                max_msg_size=0,
                decode_text=False,
            )
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        await http.close()
        status = error.status if isinstance(error, aiohttp.ClientResponseError) else None
        raise AriError("cannot connect to Asterisk", status=status) from error
