"""The ordinary steps of calls, asked of the database from the event loop itself.

A step that goes to a thread and back costs more in switching than in work. asyncpg asks and
reads on the loop, and keeps each statement prepared; whatever goes wrong here, the step goes the
plain way, in a thread, which waits and tries again (docs/decisions/0017).
"""

import asyncio
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection

from hotline.domain.prepared import Row
from hotline.usecases.quick_run import Steps
from hotline.usecases.quick_statements import TYPES

log = logging.getLogger(__name__)

CONNECTIONS = 6
"""Steps that are written at the same time; a commit waits for the disk, and many wait together."""
PATIENCE_S = 5.0
_FAILED = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # of a connection that the database ended while it stood idle
    OSError,
)
T = TypeVar("T")


class QuickLane:
    """``run`` from one event loop; connects when it is first used, and again when it must."""

    def __init__(self) -> None:
        self._idle: list[_Line] = []
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def run(self, steps: Steps[T | None]) -> T | None:
        """What the steps return; None, too, if the database did not answer, refused, or must be
        asked for something that only a thread may ask: whether anything was written is then for
        the plain way to find out, which takes a step only once."""
        try:
            asked = next(steps)
            while True:
                asked = steps.send(await self._row(*asked))
        except StopIteration as end:
            result: T | None = end.value
            return result
        except SynchronousOnlyOperation:
            return None  # the city's version is not in memory yet
        except _FAILED as error:
            log.info("a step goes the plain way: %s", type(error).__name__)
            return None

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().connection.close(timeout=PATIENCE_S)

    async def _row(self, statement: str, values: Mapping[str, Any]) -> Row:
        # asyncpg's own pool makes sure of much that a single statement cannot leave behind
        async with self._room:
            line = self._idle.pop() if self._idle else _Line(await _connect())
            try:
                row = await line.row(statement, values)
            except BaseException:
                line.connection.terminate()
                raise
            self._idle.append(line)
        if row is None:
            raise RuntimeError("a statement of the quick way gave no row")
        return tuple(row)


class _Line:
    """A connection and what is prepared on it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self._prepared: dict[str, tuple[PreparedStatement, tuple[str, ...]]] = {}

    async def row(self, statement: str, values: Mapping[str, Any]) -> asyncpg.Record | None:
        if statement not in self._prepared:
            text, names = _numbered(statement)
            self._prepared[statement] = await self.connection.prepare(text), names
        prepared, names = self._prepared[statement]
        return await prepared.fetchrow(*[values[name] for name in names])


async def _connect() -> asyncpg.Connection:
    where: dict[str, Any] = connection.get_connection_params()
    return await asyncpg.connect(
        host=where.get("host") or None,
        port=where.get("port") or None,
        user=where.get("user") or None,
        password=where.get("password") or None,
        database=where["dbname"],
        timeout=PATIENCE_S,
        command_timeout=PATIENCE_S,
        server_settings={"application_name": "hotline quick"},
    )


@cache
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """The statement as the protocol wants it, each value with its type, and their order."""
    used = [name for name in TYPES if f"%({name})s" in statement]
    marks = {name: f"(${number}::{TYPES[name]})" for number, name in enumerate(used, start=1)}
    return statement % marks, tuple(used)
