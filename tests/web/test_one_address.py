"""A real server in front of a live plane and an Asterisk that are made up: what is passed on,
from whom, and what happens when one side goes."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import WSMsgType

from hotline.config.passing import LARGEST_MESSAGE, PHONES_COME_FROM
from tests.web.behind import WITHIN_S, Behind, Server, certificate


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


async def test_pages_streams_and_softphones_are_one_address_under_tls_too(
    behind: Behind, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    server = Server(*await behind.start(), tls=certificate(tmp_path))
    try:
        await server.until_up(http)
        async with http.get(f"{server.url}/live/wallboard", ssl=False) as answer:
            assert await answer.content.readline() == b"data: \n"
        url = f"{server.url}/phone/ws"
        async with http.ws_connect(url, protocols=("sip",), origin=server.url, ssl=False) as line:
            await line.send_str("REGISTER")
            assert await line.receive_str(timeout=WITHIN_S) == "heard REGISTER"
    finally:
        server.kill()
