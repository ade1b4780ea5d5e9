"""A real server in front of a live plane and an Asterisk that are made up: what is passed on,
from whom, and what happens when one side goes."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import WSMsgType, web

from hotline.config.passing import LARGEST_MESSAGE, PHONES_COME_FROM

ROOT = Path(__file__).parents[2]
WITHIN_S = 5.0


class Behind:
    """What stands behind the web part."""

    def __init__(self) -> None:
        self.next_piece = asyncio.Event()
        self.viewer_left = asyncio.Event()
        self.cookies: list[str] = []
        self.callers: list[str] = []
        self.phone_left = asyncio.Event()
        self._runners: list[web.AppRunner] = []

    async def start(self) -> tuple[str, str]:
        live, asterisk = web.Application(), web.Application()
        live.router.add_get("/live/wallboard", self.wallboard)
        live.router.add_get("/live/gone", self.unauthorised)
        asterisk.router.add_get("/ws", self.telephone)
        return await self._serve(live), await self._serve(asterisk)

    async def _serve(self, application: web.Application) -> str:
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()

    async def wallboard(self, request: web.Request) -> web.StreamResponse:
        self.cookies.append(request.headers.get("Cookie", ""))
        answer = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await answer.prepare(request)
        await answer.write(f"data: {request.query_string}\n\n".encode())
        await self.next_piece.wait()
        try:
            await answer.write(b"data: second\n\n")
            while True:
                await answer.write(b": still here\n\n")
                await asyncio.sleep(0.05)
        except (ConnectionError, asyncio.CancelledError):
            self.viewer_left.set()
            raise

    async def unauthorised(self, _request: web.Request) -> web.Response:
        return web.Response(status=401)

    async def telephone(self, request: web.Request) -> web.WebSocketResponse:
        self.callers.append(request.remote or "")
        line = web.WebSocketResponse(protocols=("sip",))
        await line.prepare(request)
        async for message in line:
            if message.data == "BYE":
                break
            await line.send_str(f"heard {message.data}")
        self.phone_left.set()
        return line


class Server:
    """The web part as a process."""

    def __init__(self, live: str, telephone: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop"),
                *("--host", "127.0.0.1", "--port", str(self.port), "--no-log"),
                "tests.web.served:application",
            ],
            cwd=ROOT,
            env={**os.environ, "LIVE": live, "TELEPHONE": telephone, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )

    def kill(self) -> None:
        """With its workers, which outlive it otherwise and keep the port."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    async def until_up(self, http: aiohttp.ClientSession) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                async with http.get(self.url) as answer:
                    assert await answer.text() == "hello"
                    return
            except aiohttp.ClientConnectionError:
                assert time.monotonic() < deadline, "the server does not come up"
                await asyncio.sleep(0.05)


@pytest.fixture
async def behind() -> AsyncIterator[Behind]:
    one = Behind()
    yield one
    await one.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def server(behind: Behind, http: aiohttp.ClientSession) -> AsyncIterator[Server]:
    one = Server(*await behind.start())
    try:
        await one.until_up(http)
        yield one
    finally:
        one.kill()


async def test_a_stream_comes_piece_by_piece_and_ends_with_its_viewer(
    behind: Behind, http: aiohttp.ClientSession, server: Server
) -> None:
    url = f"{server.url}/live/wallboard?v=1"
    async with asyncio.timeout(WITHIN_S):
        async with http.get(url, headers={"Cookie": "sessionid=me"}) as answer:
            assert answer.headers["Content-Type"] == "text/event-stream"
            assert answer.headers["Cache-Control"] == "no-store"
            # the second is not even written yet
            assert await answer.content.readline() == b"data: v=1\n"
            behind.next_piece.set()
            while await answer.content.readline() != b"data: second\n":
                pass
        assert behind.cookies == ["sessionid=me"]
        await behind.viewer_left.wait()


async def test_the_live_planes_refusals_are_passed_on_and_its_absence_is_503(
    behind: Behind, http: aiohttp.ClientSession, server: Server
) -> None:
    async with http.get(f"{server.url}/live/gone") as answer:
        assert answer.status == 401
    async with http.post(f"{server.url}/live/wallboard") as answer:
        assert answer.status == 405
    await behind.stop()
    async with http.get(f"{server.url}/live/wallboard") as answer:
        assert answer.status == 503


async def test_open_streams_and_phones_do_not_hold_up_the_end(
    behind: Behind, http: aiohttp.ClientSession, server: Server
) -> None:
    async with (
        http.get(f"{server.url}/live/wallboard") as answer,
        http.ws_connect(
            f"{server.url}/phone/ws", protocols=("sip",), origin=server.url
        ) as telephone,
    ):
        await answer.content.readline()
        server.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        code = await asyncio.to_thread(server.process.wait, 15)
        assert time.monotonic() - began < 4, "it waited until the streams ended"
        assert code in {0, -signal.SIGTERM}
        end = await asyncio.wait_for(telephone.receive(), WITHIN_S)
        assert end.type in {WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR}


async def test_a_softphone_speaks_with_asterisk_from_an_address_that_is_nobodys_friend(
    behind: Behind, http: aiohttp.ClientSession, server: Server
) -> None:
    url = f"{server.url}/phone/ws"
    async with http.ws_connect(url, protocols=("sip",), origin=server.url) as line:
        assert line.protocol == "sip"
        await line.send_str("REGISTER")
        assert await line.receive_str(timeout=WITHIN_S) == "heard REGISTER"
        await line.send_str("á" * 10_000)
        assert await line.receive_str(timeout=WITHIN_S) == "heard " + "á" * 10_000
    await asyncio.wait_for(behind.phone_left.wait(), WITHIN_S)
    assert behind.callers == [PHONES_COME_FROM]


async def test_who_types_the_public_address_may_telephone_too(
    http: aiohttp.ClientSession, server: Server
) -> None:
    url, origin = f"{server.url}/phone/ws", "https://1022.test"
    async with http.ws_connect(url, protocols=("sip",), origin=origin) as line:
        assert line.protocol == "sip"


async def test_whoever_comes_otherwise_never_reaches_asterisk(
    behind: Behind, http: aiohttp.ClientSession, server: Server
) -> None:
    for path, origin, protocol in (
        ("/phone/ws", "https://evil.example", "sip"),
        ("/phone/ws", None, "sip"),
        ("/phone/ws", server.url, "chat"),
        ("/ws", server.url, "sip"),
        ("/ari/events", server.url, "sip"),
        ("/phone/ws/", server.url, "sip"),
    ):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(f"{server.url}{path}", protocols=(protocol,), origin=origin)
    assert behind.callers == []


async def test_a_softphone_that_says_too_much_is_cut_off(
    http: aiohttp.ClientSession, server: Server
) -> None:
    url = f"{server.url}/phone/ws"
    for flood in (["x" * (LARGEST_MESSAGE + 1)], ["x"] * 500):
        async with http.ws_connect(url, protocols=("sip",), origin=server.url) as line:
            with suppress(ConnectionError):  # cut off before we were done
                for message in flood:
                    await line.send_str(message)
            async with asyncio.timeout(WITHIN_S):
                while (await line.receive()).type is WSMsgType.TEXT:
                    pass


async def test_when_asterisk_goes_the_browser_is_told_and_can_come_again(
    behind: Behind, http: aiohttp.ClientSession, server: Server
) -> None:
    url = f"{server.url}/phone/ws"
    async with http.ws_connect(url, protocols=("sip",), origin=server.url) as line:
        await line.send_str("BYE")
        end = await asyncio.wait_for(line.receive(), WITHIN_S)
        assert end.type is WSMsgType.CLOSE
    async with http.ws_connect(url, protocols=("sip",), origin=server.url) as line:
        assert line.protocol == "sip"
    await behind.stop()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(url, protocols=("sip",), origin=server.url)
