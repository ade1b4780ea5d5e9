"""Whole requests in, whole answers out: a thread is lent to nobody's slow network."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from hotline.config import pages
from hotline.config.pages import Message, Pages, Scope

TELLS = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "REMOTE_ADDR", "CONTENT_LENGTH")


def echo(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Says what it was asked."""
    told = {k: v for k, v in environ.items() if k in TELLS or k.startswith("HTTP_")}
    told["scheme"] = environ["wsgi.url_scheme"]
    told["body"] = len(environ["wsgi.input"].read())
    start("200 OK", [("Content-Type", "application/json"), ("X-Thing", "é")])
    return [json.dumps(told).encode()]


def scope(
    path: str = "/", *, query: bytes = b"", headers: Sequence[tuple[bytes, bytes]] = ()
) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": path,
        "query_string": query,
        "headers": list(headers),
        "client": ("203.0.113.9", 4000),
        "server": ("127.0.0.1", 10220),
    }


class Client:
    """One request, piece by piece, and what came back."""

    def __init__(self, *pieces: bytes, whole: bool = True) -> None:
        self.sent: list[Message] = []
        self.more: asyncio.Queue[Message] = asyncio.Queue()
        for index, piece in enumerate(pieces or (b"",)):
            last = whole and index == len(pieces or (b"",)) - 1
            self.more.put_nowait({"type": "http.request", "body": piece, "more_body": not last})

    async def receive(self) -> Message:
        return await self.more.get()

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(b"".join(m.get("body", b"") for m in self.sent[1:]))
        return told


async def ask(client: Client, asked: Scope, *, by: Pages | None = None) -> Client:
    await (by or Pages(echo, threads=1))(asked, client.receive, client.send)
    return client


async def test_the_application_is_told_what_was_asked() -> None:
    headers = [(b"host", b"1022.test"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    asked = scope("/tra cứu/", query=b"q=%C4%91&x=\xc4\x91", headers=headers)
    client = await ask(Client(b"ab", b"cd"), asked)
    told = client.told
    assert client.status == 200
    assert told["PATH_INFO"].encode("latin1").decode() == "/tra cứu/"
    assert told["QUERY_STRING"].encode("latin1") == b"q=%C4%91&x=\xc4\x91"
    assert (told["REMOTE_ADDR"], told["scheme"]) == ("203.0.113.9", "https")
    assert told["HTTP_COOKIE"] == "a=1; b=2"
    assert (told["CONTENT_LENGTH"], told["body"]) == ("4", 4)
    assert (b"x-thing", "é".encode("latin1")) in client.sent[0]["headers"]


async def test_a_header_cannot_pass_for_another() -> None:
    headers = [(b"x_forwarded_for", b"10.0.0.1"), (b"x-real", b"yes")]
    told = (await ask(Client(), scope(headers=headers))).told
    assert "HTTP_X_FORWARDED_FOR" not in told
    assert told["HTTP_X_REAL"] == "yes"


async def test_a_body_that_is_too_large_is_refused_unread(monkeypatch: Any) -> None:
    monkeypatch.setattr(pages, "MOST_BODY", 10)
    said = await ask(Client(), scope(headers=[(b"content-length", b"11")]))
    assert said.status == 413
    lied = await ask(Client(b"123456", b"789012"), scope(headers=[(b"content-length", b"3")]))
    assert lied.status == 413
    odd = await ask(Client(), scope(headers=[(b"content-length", b"-1")]))
    assert odd.status == 400


async def test_who_sends_nothing_any_more_is_given_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(pages, "PIECE_WITHIN_S", 0.05)
    assert (await ask(Client(b"half", whole=False), scope())).status == 408


async def test_who_left_is_not_answered() -> None:
    client = Client(b"half", whole=False)
    client.more.put_nowait({"type": "http.disconnect"})
    assert (await ask(client, scope())).sent == []


async def test_a_slow_sender_and_a_slow_reader_hold_no_thread() -> None:
    only_one = Pages(echo, threads=1)
    sends = Client(b"half", whole=False)
    reads = Client()
    never = asyncio.Event()

    async def stuck(message: Message) -> None:
        reads.sent.append(message)
        await never.wait()

    slow = [
        asyncio.create_task(ask(sends, scope(), by=only_one)),
        asyncio.create_task(only_one(scope(), reads.receive, stuck)),
    ]
    async with asyncio.timeout(5):
        while not reads.sent:
            await asyncio.sleep(0.01)
        assert (await ask(Client(), scope(), by=only_one)).status == 200
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
