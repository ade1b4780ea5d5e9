"""Whoever can be dialled: at phones on this machine, or in the fake."""

from contextlib import AsyncExitStack
from typing import Protocol

from bench.phone.phone import Phone
from bench.phone.somebody import Manner, Somebody
from hotline.edges.adapters.telephony.fake.bridges import FakePhone
from hotline.edges.adapters.telephony.fake.server import FakeAsterisk

BUSY, DECLINED = 17, 21


class Others(Protocol):
    async def somebody(self, manner: Manner) -> str:
        """Somebody new; returns what Asterisk dials to reach them."""
        ...

    async def hang_up(self) -> None:
        """The one who came last."""
        ...

    async def close(self) -> None: ...


class FakeOthers:
    def __init__(self, fake: FakeAsterisk) -> None:
        self._fake = fake

    async def somebody(self, manner: Manner) -> str:
        endpoint = f"PJSIP/somebody-{len(self._fake.phones)}"
        refuses = {Manner.BUSY: BUSY, Manner.REFUSES: DECLINED}.get(manner)
        after_s = None if manner is Manner.SILENT else 0.5
        self._fake.phones[endpoint] = FakePhone(answers_after_s=after_s, refuses=refuses)
        return endpoint

    async def hang_up(self) -> None:
        await list(self._fake.phones.values())[-1].calls[-1].hang_up()

    async def close(self) -> None:
        """Nothing to do."""


class RealOthers:
    def __init__(self, host: str, port: int) -> None:
        self._server = host, port
        self._stack = AsyncExitStack()
        self._last: Somebody

    async def somebody(self, manner: Manner) -> str:
        phone = await self._stack.enter_async_context(Phone(self._server))
        self._last = await self._stack.enter_async_context(Somebody(phone, manner=manner))
        return f"PJSIP/exchange/sip:{phone.demo_number}@127.0.0.1:{phone.port}"

    async def hang_up(self) -> None:
        call = await self._last.next_call(within_s=5)
        await call.hang_up()

    async def close(self) -> None:
        await self._stack.aclose()
