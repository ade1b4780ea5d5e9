"""The live plane as it runs: a server of its own process, and one origin before it and the web."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, web
from django.db import connection

ROOT = Path(__file__).parents[1]
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@contextmanager
def live_plane(port: int | None = None) -> Iterator["LivePlane"]:
    """Runs the live plane on the tests' database until the end of the block."""
    plane = LivePlane(port or free_port())
    plane.start()
    try:
        yield plane
    finally:
        plane.stop()


class LivePlane:
    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        database = connection.settings_dict
        url = (
            f"postgresql://{quote(database['USER'])}:{quote(database['PASSWORD'])}"
            f"@{database['HOST']}:{database['PORT']}/{database['NAME']}"
        )
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop"),
                *("--host", "127.0.0.1", "--port", str(self.port), "--no-log"),
                "hotline.config.asgi_live:application",
            ],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url},
        )
        deadline = time.monotonic() + 30
        while not self.healthy():
            assert self._process.poll() is None, "the live plane ended at once"
            assert time.monotonic() < deadline, "the live plane does not come up"
            time.sleep(0.05)

    def healthy(self) -> bool:
        try:
            address = f"{self.url}/live/healthz"
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 — ours
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self, *, within_s: float = 10.0) -> None:
        """As the launcher stops it. Streams must not hold it up."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=within_s)
            finally:
                self._process.kill()
                self._process = None


@contextmanager
def one_origin(*, web_url: str, live_url: str) -> Iterator[str]:
    """The address of a server that passes ``/live/`` on to the one and the rest to the other."""
    port, loop, ready = free_port(), asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def passed_on(request: web.Request) -> web.StreamResponse:
        base = live_url if request.path.startswith("/live/") else web_url
        headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP}
        timeout = ClientTimeout(total=None)
        async with ClientSession(timeout=timeout, auto_decompress=False) as session:
            try:
                answered = await session.request(
                    request.method,
                    base + request.path_qs,
                    headers=headers,
                    data=await request.read(),
                    allow_redirects=False,
                )
            except ClientConnectionError:
                return web.Response(status=502)
            async with answered:  # given back whatever happens, also when a stream is cut
                response = web.StreamResponse(status=answered.status)
                for name, value in answered.headers.items():
                    if name.lower() not in HOP_BY_HOP:
                        response.headers.add(name, value)
                await response.prepare(request)
                with suppress(ClientConnectionError, ConnectionError):
                    async for chunk in answered.content.iter_any():
                        await response.write(chunk)
                return response

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", passed_on)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        ready.set()
        await stop.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:  # streams have no end of their own
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
