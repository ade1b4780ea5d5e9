"""What is asked of Asterisk, and what an answer means."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson

from hotline.core.errors import AdapterError


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


Answer = Mapping[str, Any]
"""As Asterisk sent it."""


class Group:
    """Requests that were sent at once; ``done`` when all are answered, or never will be: whoever
    waits is woken once."""

    def __init__(self, asked: Sequence[Asked], done: asyncio.Future[None]) -> None:
        self.done = done
        self.why = ""
        self._asked = asked
        self._answers: list[Answer | None] = [None] * len(asked)
        self._left = len(asked)

    def take(self, index: int, answer: Answer) -> None:
        self._answers[index] = answer
        self._left -= 1
        if not self._left and not self.done.done():
            self.done.set_result(None)

    def give_up(self, why: str) -> None:
        """What is not answered now never will be."""
        if not self.done.done():
            self.why = why
            self.done.set_result(None)

    def results(self) -> list[Answer | AriError]:
        """Each answer, or its AriError."""
        return [
            _checked(answer, asked)
            if answer is not None
            else AriError(f"{_shape(asked)}: {self.why}")
            for asked, answer in zip(self._asked, self._answers, strict=True)
        ]


def message(number: str, asked: Asked) -> bytes:
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


def content(answer: Answer, asked: Asked) -> Any:
    """What the answer brings, decoded; None if nothing. Raises AriError."""
    body = answer.get("message_body")
    try:
        return orjson.loads(body) if body else None
    except (ValueError, TypeError) as error:
        raise AriError(f"{_shape(asked)}: an answer that is not JSON") from error


def _checked(answer: Answer, asked: Asked) -> Answer | AriError:
    status = answer.get("status_code")
    if not isinstance(status, int):
        return AriError(f"{_shape(asked)}: an answer without a status")
    if status >= 400:
        return AriError(f"{_shape(asked)}: {status}", status=status)
    return answer


def _shape(asked: Asked) -> str:
    """What kind of thing was asked for, without ids."""
    parts = asked.uri.split("/")
    kind = "/".join(part if index % 2 == 0 else "…" for index, part in enumerate(parts))
    return f"{asked.method} {kind}"
