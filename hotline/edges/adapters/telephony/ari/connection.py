"""One websocket to Asterisk: requests go up, answers and events come down.

Asterisk 22.4 and later take REST requests over the event websocket, which costs a third of
HTTP. Answers and events share one order only among themselves: an event that a request
caused may come before its answer.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from typing import Any, NamedTuple
from urllib.parse import urlencode

import aiohttp
import orjson

from hotline.core.errors import AdapterError
from hotline.edges.adapters.telephony.ari import events
from hotline.edges.adapters.telephony.ari.cork import Cork

log = logging.getLogger(__name__)

REQUEST_TIMEOUT_S = 5.0
FIRST_ANSWER_S = 1.0
"""Asterisk answers within milliseconds, or (see ``connect``) never."""
TRIES = 3
"""Connections that are made anew because no answer came."""
PING_S = 2.0
"""A websocket that is silent for this long is asked whether it lives; one that does not answer
within as long is dead: Asterisk froze, or the network."""


class AriError(AdapterError):
    """Asterisk did not do it. ``status`` is its HTTP status, None if no answer came.

    Permanent: Asterisk refused (4xx). Not permanent: no answer in time, connection lost,
    5xx."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message, permanent=status is not None and 400 <= status < 500)
        self.status = status


class Asked(NamedTuple):
    """One request, as ``Connection.request`` takes it."""

    method: str
    uri: str
    query: Mapping[str, str | int] | None = None
    body: Mapping[str, Any] | None = None


class Connection:
    """Made by ``connect``. Requests may run at the same time from many tasks; ``listen``
    is for one listener and ends when the connection does."""

    def __init__(
        self, http: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse
    ) -> None:
        self._http = http
        self._socket = socket
        self._cork = Cork(socket.get_extra_info("socket"))
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._unheard: list[events.Event] = []
        self._deliver: Callable[[events.Event], None] = self._unheard.append
        self._count = 0
        self._closed = False
        self._heard_at = self._loop.time()
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
        return answer

    async def requests(
        self, asked: Sequence[Asked], *, timeout_s: float = REQUEST_TIMEOUT_S
    ) -> list[Any]:
        """Several at once: Asterisk does them in this order, without waiting for us in between.
        Each has its decoded answer, or its AriError. Raises AriError if nothing was asked."""
        if self._closed:
            raise AriError("not connected")
        waiting = {str(self._count + ahead): one for ahead, one in enumerate(asked, start=1)}
        self._count += len(waiting)
        answers = {number: self._loop.create_future() for number in waiting}
        self._waiting |= answers
        asked_at = self._loop.time()
        # a plain timer: asyncio.timeout does more than is needed, for every request of a call
        timer = self._loop.call_later(timeout_s, _too_late, answers.values())
        try:
            with self._cork if len(waiting) > 1 else nullcontext():
                for number, one in waiting.items():
                    await self._socket.send_frame(_message(number, one), aiohttp.WSMsgType.TEXT)
            return [
                await self._answered(one, answers[key], asked_at) for key, one in waiting.items()
            ]
        except (ConnectionError, aiohttp.ClientError) as error:
            raise AriError("connection lost") from error
        finally:
            timer.cancel()
            for number, answer in answers.items():
                self._waiting.pop(number, None)
                if answer.done() and not answer.cancelled():
                    answer.exception()  # heard, even where we were cancelled in between

    async def _answered(
        self, asked: Asked, answer: asyncio.Future[Mapping[str, Any]], asked_at: float
    ) -> Any:
        try:
            return _body(await answer, asked)
        except AriError as error:
            return error
        except TimeoutError:
            if self._heard_at < asked_at:  # nothing comes any more: let somebody connect anew
                self._reader.cancel()
            return AriError(f"{_shape(asked)}: no answer in time")

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

    async def close(self) -> None:
        self._watch.cancel()
        self._reader.cancel()
        await asyncio.gather(self._watch, self._reader, return_exceptions=True)
        self._cork.close()
        await self._socket.close()
        await self._http.close()

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                self._heard_at = self._loop.time()
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self._closed = True
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(AriError("connection lost"))

    async def _see_that_it_lives(self) -> None:
        """Asterisk is asked something if nothing came for a while: aiohttp's own heartbeat
        costs as much as reading, for it is wound up anew by every message."""
        while True:
            heard_at = self._heard_at
            await asyncio.sleep(PING_S)
            if self._heard_at > heard_at:
                continue
            with suppress(AriError):
                await self.request("GET", "asterisk/ping", timeout_s=PING_S)
            if self._heard_at == heard_at:
                self._reader.cancel()
                return

    def _take(self, text: str) -> None:
        try:
            message = orjson.loads(text)
            if type(message) is dict and message.get("type") == "RESTResponse":
                self._answer(message)
                return
            event = events.read(message)
        except (ValueError, RecursionError) as error:
            # Unreadable is a ValueError too. Numbers and names stay out of the log.
            reason = str(error) if isinstance(error, events.Unreadable) else "not JSON"
            log.warning("skipped a message of Asterisk: %s", reason)
            return
        self._deliver(event)

    def _answer(self, message: Mapping[str, Any]) -> None:
        answer = self._waiting.get(str(message.get("request_id")))
        if answer is not None and not answer.done():
            answer.set_result(message)


async def connect(*, url: str, user: str, password: str, app: str) -> Connection:
    """A connection that has answered once and carries only the events that we read. ``url`` is
    Asterisk's HTTP address (``http://127.0.0.1:10223``). Raises AriError."""
    # Whoever connects while Asterisk still clears away the connection before may see the
    # application removed from under them: then no answer comes, nor any event.
    for again in range(TRIES):
        connection = Connection(*await _open(url=url, user=user, password=password, app=app))
        try:
            async with asyncio.timeout(FIRST_ANSWER_S):
                # Asterisk sends its answers through the same filter as its events
                allowed = [{"type": kind} for kind in (*events.READERS, "RESTResponse")]
                await connection.request(
                    "PUT", f"applications/{app}/eventFilter", body={"allowed": allowed}
                )
                return connection
        except TimeoutError:
            log.info("Asterisk took the connection and does not answer (%d)", again + 1)
            await connection.close()
        except BaseException:
            await connection.close()
            raise
    raise AriError("Asterisk takes connections and does not answer")


async def _open(
    *, url: str, user: str, password: str, app: str
) -> tuple[aiohttp.ClientSession, aiohttp.ClientWebSocketResponse]:
    http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    try:
        async with asyncio.timeout(REQUEST_TIMEOUT_S):
            return http, await http.ws_connect(
                f"{url}/ari/events",
                params={"app": app, "subscribeAll": "false"},
                headers={"Authorization": aiohttp.encode_basic_auth(user, password)},
                max_msg_size=0,
            )
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        await http.close()
        status = error.status if isinstance(error, aiohttp.ClientResponseError) else None
        raise AriError("cannot connect to Asterisk", status=status) from error


def _message(number: str, asked: Asked) -> bytes:
    uri = f"{asked.uri}?{urlencode(asked.query)}" if asked.query else asked.uri
    message = {
        "type": "RESTRequest",
        "transaction_id": number,
        "request_id": number,
        "method": asked.method,
        "uri": uri,
    }
    if asked.body is not None:
        message["content_type"] = "application/json"
        message["message_body"] = orjson.dumps(asked.body).decode()
    return orjson.dumps(message)


def _too_late(answers: Iterable[asyncio.Future[Mapping[str, Any]]]) -> None:
    for answer in answers:
        if not answer.done():
            answer.set_exception(TimeoutError())


def _body(answer: Mapping[str, Any], asked: Asked) -> Any:
    status = answer.get("status_code")
    if not isinstance(status, int):
        raise AriError(f"{_shape(asked)}: an answer without a status")
    if status >= 400:
        raise AriError(f"{_shape(asked)}: {status}", status=status)
    body = answer.get("message_body")
    try:
        return orjson.loads(body) if body else None
    except (ValueError, TypeError) as error:
        raise AriError(f"{_shape(asked)}: an answer that is not JSON") from error


def _shape(asked: Asked) -> str:
    """What kind of thing was asked for, without ids."""
    parts = asked.uri.split("/")
    kind = "/".join(part if index % 2 == 0 else "…" for index, part in enumerate(parts))
    return f"{asked.method} {kind}"
