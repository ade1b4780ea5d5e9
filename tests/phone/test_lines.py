"""Operators' phones, outside lines and strangers, on a real Asterisk without a switchboard:
who may register, whom a phone may dial, who hears whom by their tones."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import aiohttp
import pytest

from bench.phone import sip
from bench.phone.call import Call, RefusedError
from bench.phone.digest import Account
from bench.phone.phone import Phone
from bench.phone.somebody import Manner, Somebody
from hotline.edges.adapters.telephony.ari import phones
from hotline.edges.adapters.telephony.ari.client import Ari, answering
from hotline.edges.adapters.telephony.ari.connection import Connection, connect
from hotline.edges.adapters.telephony.ari.events import CallCame, CallGone, Event
from hotline.edges.adapters.telephony.trunk import Trunk, answer_pitch
from launcher import asterisk
from launcher.asterisk import Booted
from tests.phone.rig import free_base

pytestmark = pytest.mark.phone

OPERATOR = phones.Phone(name="op101", password="right and long", browser=False)
EXCHANGE = Trunk(to="demo", allow=("_X.",))
HUMS = (700, 900, 1100, 1300)
BUSY, NO_ANSWER, REFUSED, FAILED = 17, 19, 21, 34
WITHIN_S = 5
STRANGE = "127.200.0.2"
"""An address of which Asterisk knows nothing (launcher/asterisk_config.py)."""


@pytest.fixture(scope="module")
def booted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booted]:
    folder = tmp_path_factory.mktemp("lines")
    yield asterisk.start_private(folder, free_base())
    asterisk.halt(folder)


class Line:
    """The hands of a switchboard, without its head."""

    def __init__(self, booted: Booted, connection: Connection) -> None:
        self.booted = booted
        self.connection = connection
        self.ari = Ari(connection, app="hotline")
        self.events: dict[str, asyncio.Queue[CallCame | CallGone]] = {}
        self.host, self.port = "127.0.0.1", int(booted.sip.rpartition(":")[2])
        self._stack = AsyncExitStack()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        await self.connection.listen(self._note)

    def _note(self, event: Event) -> None:
        if isinstance(event, CallCame | CallGone):
            self.of(event.channel).put_nowait(event)
            if isinstance(event, CallCame):
                self.of("any").put_nowait(event)

    def of(self, channel: str) -> "asyncio.Queue[CallCame | CallGone]":
        return self.events.setdefault(channel, asyncio.Queue())

    async def phone(self, account: Account | None = None, *, host: str = "127.0.0.1") -> Phone:
        server = (self.host, self.port)
        return await self._stack.enter_async_context(Phone(server, account=account, host=host))

    async def somebody(self, phone: Phone, **how: float | Manner) -> Somebody:
        return await self._stack.enter_async_context(Somebody(phone, **how))  # type: ignore[arg-type]

    async def citizen(self, hum_hz: int) -> tuple[Call, str]:
        """Somebody who calls the hotline, and their channel, answered."""
        calling = asyncio.create_task((await self.phone()).dial(caller="0901234567"))
        came = await self.next("any")
        await self.ari.do(answering(came.channel))
        call = await calling
        call.hum(hum_hz)
        return call, came.channel

    async def next(self, channel: str, *, within_s: float = WITHIN_S) -> CallCame | CallGone:
        async with asyncio.timeout(within_s):
            return await self.of(channel).get()

    async def dial(self, channel: str, number: str, *, most_s: int = 10) -> None:
        endpoint = EXCHANGE.endpoint_for(number)
        assert endpoint is not None
        await self.ring(channel, endpoint, most_s=most_s)

    async def ring(self, channel: str, endpoint: str, *, most_s: int = 10) -> None:
        await self.ari.originate(
            channel, endpoint=endpoint, arguments="leg,1", caller="1022", most_s=most_s
        )

    async def bridge(self, name: str, *channels: str) -> None:
        await self.ari.make_bridge(name)
        await self.ari.join(name, channels)

    async def close(self) -> None:
        await self._stack.aclose()
        for channel in await self.ari.channels():
            await self.ari.hang_up(channel.id)
        for bridge in await self.ari.bridges():
            await self.ari.end_bridge(bridge.id)
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self.connection.close()


@pytest.fixture
async def line(booted: Booted) -> AsyncIterator[Line]:
    connection = await connect(
        url=booted.ari_url, user=booted.ari_user, password=booted.ari_password, app="hotline"
    )
    line = Line(booted, connection)
    await phones.push_phone(connection, OPERATOR)
    yield line
    await line.close()


async def test_who_connects_again_at_once_is_answered_every_time(booted: Booted) -> None:
    """Asterisk clears away the connection before late, and with it the application: one of
    fifty such connections stays mute."""
    for _ in range(200):
        connection = await connect(
            url=booted.ari_url, user=booted.ari_user, password=booted.ari_password, app="hotline"
        )
        assert (await connection.request("GET", "asterisk/ping"))["ping"] == "pong"
        await connection.close()


async def _status_of_registering(line: Line, user: str, password: str) -> int:
    phone = await line.phone(Account(user, password), host=STRANGE)
    try:
        await phone.register()
    except RefusedError as refused:
        return refused.status
    return 200


async def test_a_phone_registers_with_its_password_and_a_scanner_learns_nothing(
    line: Line,
) -> None:
    assert await _status_of_registering(line, OPERATOR.name, OPERATOR.password) == 200
    assert await _status_of_registering(line, OPERATOR.name, "wrong") == 401
    assert await _status_of_registering(line, "op999", "wrong") == 401
    assert await _status_of_registering(line, "outside", "") == 401
    assert await phones.pushed_phones(line.connection) == {OPERATOR.name}


async def test_a_stranger_is_asked_who_it_is_whatever_it_asks_for(line: Line) -> None:
    phone = await line.phone(host=STRANGE)
    for number in ("1022", "115", "op101", "nobody"):
        for caller in ("0901234567", "op101", "nobody"):
            with pytest.raises(RefusedError) as refused:
                await phone.dial(number, caller=caller)
            assert refused.value.status == 401, (number, caller)


async def test_a_removed_phone_registers_no_more_and_an_epochs_password_ends(line: Line) -> None:
    fresh = phones.Phone(name=OPERATOR.name, password="another", browser=False)
    await phones.push_phone(line.connection, fresh)
    assert await _status_of_registering(line, OPERATOR.name, OPERATOR.password) == 401
    assert await _status_of_registering(line, OPERATOR.name, "another") == 200
    await phones.remove_phone(line.connection, OPERATOR.name)
    await phones.remove_phone(line.connection, OPERATOR.name)
    assert await _status_of_registering(line, OPERATOR.name, "another") == 401
    assert await phones.pushed_phones(line.connection) == frozenset()


async def test_an_operators_phone_dials_the_hotline_and_nothing_else(line: Line) -> None:
    phone = await line.phone(Account(OPERATOR.name, OPERATOR.password))
    for number in ("115", "0901234567", "op102", "020020000", "answers"):
        with pytest.raises(RefusedError) as refused:
            await phone.dial(number)
        assert refused.value.status == 404, number
    calling = asyncio.create_task(phone.dial("1022"))
    came = await line.next("any")
    await line.ari.do(answering(came.channel))
    await calling


async def test_a_citizens_phone_calls_under_the_number_that_was_given(line: Line) -> None:
    web = phones.Phone(name="web-a1", password="x" * 24, browser=False, caller="0987654321")
    await phones.push_phone(line.connection, web)
    phone = await line.phone(Account(web.name, web.password))
    calling = asyncio.create_task(phone.dial("1022", caller=web.name))
    came = await line.next("any")
    assert isinstance(came, CallCame)
    assert came.caller == "0987654321"
    await line.ari.do(answering(came.channel))
    await calling
    await phones.remove_phone(line.connection, web.name)


async def test_strangers_who_come_through_the_web_are_refused(line: Line) -> None:
    """Through the websocket that the web part passes on (from that part's own address)."""
    via = "SIP/2.0/WS strange.invalid;branch=z9hG4bKweb1"
    invite = sip.Dialog(
        call_id="stranger@web",
        local="<sip:0901234567@strange.invalid>;tag=1",
        remote="<sip:1022@hotline.invalid>",
        contact="<sip:0901234567@strange.invalid;transport=ws>",
        via=via.partition(";")[0],
        target="sip:1022@hotline.invalid",
    ).request("INVITE", "web1", number=1, body=sip.offer("127.0.0.1", 4000, []))
    connector = aiohttp.TCPConnector(local_addr=("127.200.0.1", 0))
    async with aiohttp.ClientSession(connector=connector) as http:
        url = f"{line.booted.ari_url}/ws"
        async with http.ws_connect(url, protocols=("sip",)) as socket:
            await socket.send_str(invite.encode().decode())
            answer = sip.parse((await socket.receive_str(timeout=WITHIN_S)).encode())
    assert answer.status == 401


async def test_operator_and_citizen_hear_each_other_and_a_held_one_hears_nothing(
    line: Line,
) -> None:
    phone = await line.phone(Account(OPERATOR.name, OPERATOR.password))
    await phone.register()
    operator = await line.somebody(phone, hum_hz=900)
    citizen, channel = await line.citizen(hum_hz=700)
    await line.ring("op-1", f"PJSIP/{OPERATOR.name}")
    spoken = await operator.next_call(within_s=WITHIN_S)
    assert operator.rang[0].caller == "1022"
    assert isinstance(await line.next("op-1"), CallCame)
    await line.bridge("talk-1", channel, "op-1")
    await citizen.hears_pitches({900}, of=HUMS, within_s=WITHIN_S)
    await spoken.hears_pitches({700}, of=HUMS, within_s=WITHIN_S)
    await line.ari.part("talk-1", channel)
    await citizen.hears_pitches(set(), of=HUMS, within_s=WITHIN_S)
    await spoken.hears_pitches(set(), of=HUMS, within_s=WITHIN_S)
    await line.ari.join("talk-1", [channel])
    await citizen.hears_pitches({900}, of=HUMS, within_s=WITHIN_S)
    await spoken.hang_up()
    gone = await line.next("op-1")
    assert isinstance(gone, CallGone)


async def test_three_lines_in_one_bridge_hear_the_two_others(line: Line) -> None:
    phone = await line.phone(Account(OPERATOR.name, OPERATOR.password))
    await phone.register()
    operator = await line.somebody(phone, hum_hz=900)
    third = await line.phone()
    doctor = await line.somebody(third, hum_hz=1100)
    citizen, channel = await line.citizen(hum_hz=700)
    await line.ring("op-2", f"PJSIP/{OPERATOR.name}")
    await line.dial("leg-2", third.demo_number)
    calls = [await one.next_call(within_s=WITHIN_S) for one in (operator, doctor)]
    for leg in ("op-2", "leg-2"):
        assert isinstance(await line.next(leg), CallCame)
    await line.bridge("talk-2", channel, "op-2", "leg-2")
    await citizen.hears_pitches({900, 1100}, of=HUMS, within_s=WITHIN_S)
    await calls[0].hears_pitches({700, 1100}, of=HUMS, within_s=WITHIN_S)
    await calls[1].hears_pitches({700, 900}, of=HUMS, within_s=WITHIN_S)


async def test_the_exchange_answers_with_the_numbers_own_tone(line: Line) -> None:
    citizen, channel = await line.citizen(hum_hz=700)
    await line.dial("leg-3", "115")
    assert isinstance(await line.next("leg-3"), CallCame)
    await line.bridge("talk-3", channel, "leg-3")
    pitch = answer_pitch("115")
    await citizen.hears_pitches({pitch}, of=(pitch, *HUMS), within_s=WITHIN_S)


@pytest.mark.parametrize(
    ("number", "cause"), [("9990", BUSY), ("99901234", BUSY), ("9992", FAILED)]
)
async def test_the_exchange_is_busy_or_fails_on_demand(line: Line, number: str, cause: int) -> None:
    await line.dial(f"leg-{number}", number)
    gone = await line.next(f"leg-{number}")
    assert isinstance(gone, CallGone)
    assert gone.cause == cause


async def test_the_exchange_stays_silent_on_demand(line: Line) -> None:
    await line.dial("leg-9991", "9991", most_s=1)
    gone = await line.next("leg-9991")
    assert isinstance(gone, CallGone)
    assert gone.cause not in {BUSY, FAILED}


@pytest.mark.parametrize(
    ("manner", "cause"), [(Manner.BUSY, BUSY), (Manner.REFUSES, REFUSED), (Manner.SILENT, None)]
)
async def test_a_phone_behind_the_exchange_does_as_it_is_told(
    line: Line, manner: Manner, cause: int | None
) -> None:
    phone = await line.phone()
    somebody = await line.somebody(phone, manner=manner)
    await line.dial(f"leg-{manner}", phone.demo_number, most_s=1)
    gone = await line.next(f"leg-{manner}")
    assert isinstance(gone, CallGone)
    assert cause is None or gone.cause == cause
    await asyncio.wait_for(somebody.rang[0].over.wait(), WITHIN_S)
    assert somebody.rang[0].given_up is (manner is Manner.SILENT)
