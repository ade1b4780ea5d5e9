"""A viewer of a stream: reads server-sent events from a real connection."""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client


@dataclass
class Listener:
    """``events``: (name, data) as they came; ``comments`` counts heartbeats."""

    response: http.client.HTTPResponse
    events: list[tuple[str, str]] = field(default_factory=list)
    comments: int = 0
    ended: bool = False

    def until(self, name: str, containing: str = "") -> str:
        """Reads on until an event that has not been read yet fits; gives its data."""
        deadline = time.monotonic() + 20
        while (one := self.next()) is not None:
            if one[0] == name and containing in one[1]:
                return one[1]
            assert time.monotonic() < deadline, f"no {name} with {containing!r}"
        raise AssertionError(f"the stream ended without {name} with {containing!r}")

    def next(self) -> tuple[str, str] | None:
        """The next event; None at the end of the stream."""
        name = data = ""
        while line := self._line():
            if line == "\n":
                if name or data:
                    self.events.append((name, data))
                    return name, data
            elif line.startswith(":"):
                self.comments += 1
            else:
                key, _, value = line.rstrip("\n").partition(": ")
                name, data = (value, data) if key == "event" else (name, value)
                if key == "retry":
                    name = data = ""
        self.ended = True
        return None

    def _line(self) -> str:
        try:
            return self.response.readline().decode()
        except (ConnectionError, http.client.IncompleteRead):
            return ""


@contextmanager
def listening(url: str, path: str, client: Client | None = None) -> Iterator[Listener]:
    """Asserts that the stream is given; waits at most 20 s for each line."""
    with asked(url, path, client) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield Listener(response)


@contextmanager
def asked(
    url: str, path: str, client: Client | None = None, **headers: str
) -> Iterator[http.client.HTTPResponse]:
    where = urlsplit(url)
    assert where.hostname is not None
    link = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
    if client is not None:
        name = settings.SESSION_COOKIE_NAME
        headers["Cookie"] = f"{name}={client.cookies[name].value}"
    link.request("GET", path, headers=headers)
    try:
        yield link.getresponse()
    finally:
        link.close()
