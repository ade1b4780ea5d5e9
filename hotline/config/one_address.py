"""One address for pages, streams and softphones, under one ASGI server."""

import asyncio
import os
import signal

from hotline.config.pages import Pages, Receive, Scope, Send
from hotline.config.passing import Passing

_FAREWELL_S = 0.1


class OneAddress:
    """The ASGI application: pages are worked on here, the rest is passed on."""

    def __init__(self, pages: Pages, passing: Passing) -> None:
        self._pages = pages
        self._passing = passing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one websocket, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["path"].startswith("/live/"):
            await self._passing.stream(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/phone/ws":
            await self._passing.telephone(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close"})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        loop = asyncio.get_running_loop()

        def stop() -> None:
            # the server would wait for streams, which never end, before it says that it stops
            self._passing.end()
            loop.call_later(_FAREWELL_S, os.kill, os.getpid(), signal.SIGINT)

        loop.add_signal_handler(signal.SIGTERM, stop)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._passing.close()
        await send({"type": "lifespan.shutdown.complete"})
