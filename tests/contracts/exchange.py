"""One Asterisk, real or fake, as the contract tests of telephony see it."""

import asyncio
import math
from array import array
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bench.phone.call import Call
from bench.phone.g711 import Samples
from hotline.edges.adapters.telephony.ari.client import Ari, answering
from hotline.edges.adapters.telephony.ari.connection import connect
from hotline.edges.adapters.telephony.ari.events import CallCame, Event
from hotline.edges.adapters.telephony.spool import Spool
from tests.contracts.others import Others

E = TypeVar("E", bound=Event)
APP = "hotline"
PROMPT_S = 1.0


def tone(seconds: float, hz: float = 500) -> Samples:
    count = int(8000 * seconds)
    return array("h", [int(8000 * math.sin(hz * math.tau * i / 8000)) for i in range(count)])


class Citizen(Protocol):
    async def press(self, digits: str) -> None: ...
    async def speak(self, seconds: float) -> None: ...
    async def hang_up(self) -> None: ...


class RealCitizen:
    def __init__(self, call: Call) -> None:
        self.call = call

    async def press(self, digits: str) -> None:
        await self.call.press(digits)

    async def speak(self, seconds: float) -> None:
        await self.call.say(tone(seconds))

    async def hang_up(self) -> None:
        await self.call.hang_up()


class Exchange:
    """A connection to one Asterisk and what it said so far."""

    def __init__(
        self,
        url: str,
        password: str,
        ring: Callable[[], Coroutine[Any, Any, Citizen]],
        folder: Path,
        spool: Spool,
        speed: float,
    ) -> None:
        self._where = {"url": url, "user": "hotline", "password": password, "app": APP}
        self._ring = ring
        self._folder = folder
        self.spool = spool
        self.speed = speed
        self.said: list[Event] = []
        self.others: Others

    async def open(self) -> None:
        self._connection = await connect(**self._where)
        self._reading = asyncio.create_task(self._read())
        self.ari = Ari(self._connection, app=APP)

    async def close(self) -> None:
        await self._connection.close()
        await self._reading

    async def ring(self) -> tuple[str, Citizen]:
        """The channel's id and who rings."""
        ringing = asyncio.create_task(self._ring())
        came = await self.hears(CallCame)
        assert came.caller == "0901234567"
        assert came.arguments[0] == "1022"
        await self.ari.do(answering(came.channel))
        return came.channel, await ringing

    def media(self, name: str) -> str:
        return f"sound:{self._folder / name}"

    async def hears(self, kind: type[E], having: Callable[[E], bool] = lambda _event: True) -> E:
        async with asyncio.timeout(15):
            while True:
                for event in self.said:
                    if isinstance(event, kind) and having(event):
                        return event
                await asyncio.sleep(0.01)

    async def _read(self) -> None:
        await self._connection.listen(self.said.append)
