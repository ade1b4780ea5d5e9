"""PostgreSQL's notifications, for as long as the process lives."""

import asyncio
import logging
from collections.abc import Callable, Sequence

import psycopg
from django.conf import settings
from psycopg import sql

log = logging.getLogger(__name__)

_LOOK_S = 10.0
_AGAIN_S = (0.2, 0.5, 1.0, 2.0)


async def listen(
    channels: Sequence[str],
    *,
    connected: Callable[[bool], None],
    heard: Callable[[str, str], None],
) -> None:
    """Calls ``heard(channel, payload)`` for each notification and ``connected`` whenever the
    connection is made or lost: what was sent in between is lost. Never returns."""
    failed = 0
    while True:
        try:
            async with await _connect() as connection:
                for channel in channels:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                failed = 0
                connected(True)
                await _hear(connection, heard)
        except (psycopg.Error, OSError) as error:
            connected(False)
            log.warning("notifications: %s; connecting again", type(error).__name__)
        await asyncio.sleep(_AGAIN_S[min(failed, len(_AGAIN_S) - 1)])
        failed += 1


async def _hear(
    connection: psycopg.AsyncConnection[object], heard: Callable[[str, str], None]
) -> None:
    while True:
        async for notification in connection.notifies(timeout=_LOOK_S):
            heard(notification.channel, notification.payload)
        await connection.execute("SELECT 1")  # a connection may die without a word


async def _connect() -> psycopg.AsyncConnection[object]:
    database = settings.DATABASES["default"]
    return await psycopg.AsyncConnection[object].connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
        connect_timeout=5,
        application_name="hotline live",
        autocommit=True,
    )
