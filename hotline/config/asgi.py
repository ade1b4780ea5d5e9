"""The request plane: ``granian --interface asgi hotline.config.asgi:application``.

Pages are Django's, in threads; what is open for long is passed on to whom it concerns.
"""

import asyncio
import os
import signal

from django.conf import settings

from hotline.config.pages import Pages, Receive, Scope, Send
from hotline.config.passing import Passing
from hotline.config.wsgi import application as django

THREADS = 4
"""Of one worker process: as many database connections."""
_FAREWELL_S = 0.1

_env = settings.ENV
_pages = Pages(django, threads=THREADS)
_passing = Passing(
    live=_env.live_url,
    telephone=_env.ari_url if _env.phone else None,
    origin=_env.public_url,
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One request, one websocket, or the life of the process."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        await _websocket(scope, receive, send)
    elif scope["path"].startswith("/live/"):
        await _passing.stream(scope, receive, send)
    else:
        await _pages(scope, receive, send)


async def _websocket(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/phone/ws":
        await _passing.telephone(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close"})


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # the server would wait for streams, which never end, before it tells us that it stops
        _passing.end()
        loop.call_later(_FAREWELL_S, os.kill, os.getpid(), signal.SIGINT)

    loop.add_signal_handler(signal.SIGTERM, stop)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await _passing.close()
    await send({"type": "lifespan.shutdown.complete"})
