"""Django's pages under an ASGI server: whole requests in, whole answers out, in threads.

A thread holds a database connection, so none is lent to a slow network: the request is read
to its end before, and the answer is sent after, a thread has worked on it.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from wsgiref.types import WSGIApplication

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

MOST_BODY = 64 * 1024 * 1024
"""A form with all its photographs is smaller."""
IN_MEMORY = 1024 * 1024
PIECE_WITHIN_S, WHOLE_WITHIN_S = 30.0, 600.0


class NotTaken(Exception):
    """The request was not read to its end; ``status`` says why, 0 if nobody waits for it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application made of a request."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Pages:
    """``threads``: how many requests are worked on at once."""

    def __init__(self, application: WSGIApplication, *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                await _read(scope["headers"], receive, into=body)
            except NotTaken as reason:
                if reason.status:
                    await refuse(send, reason.status)
                return
            environ = environ_of(scope, body)
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._threads, self._work, environ)
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        await send({"type": "http.response.body", "body": answer.body})

    def _work(self, environ: dict[str, Any]) -> Answer:
        began: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start(
            status: str,
            headers: list[tuple[str, str]],
            _error: object = None,
            /,
        ) -> Callable[[bytes], object]:
            began[:] = [(status, headers)]
            return written.append

        parts = self._application(environ, start)
        try:
            written.extend(parts)
        finally:
            # Django ends the request here, and gives its connection back
            getattr(parts, "close", lambda: None)()
        status, headers = began[0]
        return Answer(
            int(status.split(" ", 1)[0]),
            [(k.lower().encode("latin1"), v.encode("latin1")) for k, v in headers],
            b"".join(written),
        )


async def refuse(send: Send, status: int, *more: tuple[bytes, bytes]) -> None:
    """An answer without a body."""
    headers = [(b"content-length", b"0"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def environ_of(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """What WSGI (PEP 3333) says of the request."""
    server, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server),
        "SERVER_PORT": str(port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if client := scope.get("client"):
        environ["REMOTE_ADDR"] = str(client[0])
    return environ | _headers(scope["headers"]) | {"CONTENT_LENGTH": str(_size(body))}


def _headers(headers: Headers) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw, value in headers:
        name = raw.decode("latin1").upper()
        if "_" in name:
            continue  # it would pass for the header that is written with a hyphen
        key = name.replace("-", "_")
        if key != "CONTENT_TYPE":
            key = f"HTTP_{key}"
        # HTTP/2 may send a cookie header for each cookie
        mark = "; " if key == "HTTP_COOKIE" else ","
        text = value.decode("latin1")
        found[key] = f"{found[key]}{mark}{text}" if key in found else text
    return found


async def _read(headers: Headers, receive: Receive, *, into: IO[bytes]) -> None:
    """Raises NotTaken."""
    said = next((value for name, value in headers if name == b"content-length"), b"0")
    if not said.isdigit() or int(said) > MOST_BODY:
        raise NotTaken(413 if said.isdigit() else 400)
    taken, more = 0, True
    try:
        async with asyncio.timeout(WHOLE_WITHIN_S):
            while more:
                async with asyncio.timeout(PIECE_WITHIN_S):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise NotTaken(0)
                taken += into.write(message.get("body", b""))
                if taken > MOST_BODY:
                    raise NotTaken(413)
                more = message.get("more_body", False)
    except TimeoutError:
        raise NotTaken(408) from None


def _size(body: IO[bytes]) -> int:
    size = body.tell()
    body.seek(0)
    return size
