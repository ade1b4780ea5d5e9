"""The live plane: ``granian --interface asgi hotline.config.asgi_live:application``.

Only streams of server-sent events are here; it has settings of its own, without the
middleware that would hold a stream back.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "hotline.config.settings_live"

from django.core.asgi import get_asgi_application

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

_django = get_asgi_application()

from hotline.edges.screens.wallboard.live import live  # noqa: E402 — Django's apps first

_FAREWELL_S = 0.2


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Requests are Django's; the life of the process is ours."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await _django(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    live.begin()
    _end_streams_on_sigterm()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await live.end()
    await send({"type": "lifespan.shutdown.complete"})


def _end_streams_on_sigterm() -> None:
    """The server waits for open requests before it tells us that it stops, and a stream is
    never done: so the streams end first, then the server hears of it by another signal."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        live.end_streams()
        loop.call_later(_FAREWELL_S, os.kill, os.getpid(), signal.SIGINT)

    loop.add_signal_handler(signal.SIGTERM, stop)
