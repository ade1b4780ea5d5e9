"""Many calls from one UDP port; one clock paces the sound of all of them."""

import asyncio
import random
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from bench.phone import sip
from bench.phone.call import Call
from bench.phone.g711 import Codec
from bench.phone.media import FRAME_S, Sound

BOTH = (Codec.PCMA, Codec.PCMU)


class Phone:
    """``server`` is where calls go (host, UDP port). Use it as ``async with Phone(…)``."""

    def __init__(self, server: tuple[str, int], *, host: str = "127.0.0.1") -> None:
        self._server = server
        self._host = host
        self._calls: dict[str, Call] = {}
        self._transport: asyncio.DatagramTransport
        self._clock: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: _Signalling(self._calls), local_addr=(self._host, 0)
        )
        self._clock = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.gather(*(call.hang_up() for call in self._calls.values()))
        self._clock.cancel()
        await asyncio.gather(self._clock, return_exceptions=True)
        self._transport.close()

    async def dial(
        self, number: str = "1022", *, caller: str | None = None, codecs: Sequence[Codec] = BOTH
    ) -> Call:
        """Returns when the call was answered. ``caller`` is the number shown, None withholds
        it. Raises call.RefusedError."""
        loop = asyncio.get_running_loop()
        _, sound = await loop.create_datagram_endpoint(Sound, local_addr=(self._host, 0))
        dialog = self._dialog(number, caller)
        call = Call(dialog, sound, self._send)
        self._calls[dialog.call_id] = call
        try:
            await call.invite(sip.offer(self._host, sound.port, codecs))
        except BaseException:
            call.vanish()
            raise
        return call

    def _dialog(self, number: str, caller: str | None) -> sip.Dialog:
        port = self._transport.get_extra_info("sockname")[1]
        host, server_port = self._server
        tag, call_id = f"{random.getrandbits(48):x}", f"{random.getrandbits(96):x}"
        shown = (
            '"Anonymous" <sip:anonymous@anonymous.invalid>'
            if caller is None
            else f"<sip:{caller}@{self._host}:{port}>"
        )
        return sip.Dialog(
            call_id=f"{call_id}@{self._host}",
            local=f"{shown};tag={tag}",
            remote=f"<sip:{number}@{host}:{server_port}>",
            contact=f"<sip:citizen@{self._host}:{port}>",
            via=f"SIP/2.0/UDP {self._host}:{port}",
            target=f"sip:{number}@{host}:{server_port}",
        )

    def _send(self, message: sip.Message) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(message.encode(), self._server)

    async def _tick(self) -> None:
        """Every 20 ms by the monotonic clock: what a late wake-up missed is made up for."""
        due = time.monotonic()
        while True:
            due += FRAME_S
            for call in list(self._calls.values()):
                call.sound.tick()
            await asyncio.sleep(max(0.0, due - time.monotonic()))


class _Signalling(asyncio.DatagramProtocol):
    def __init__(self, calls: dict[str, Call]) -> None:
        self._calls = calls

    def datagram_received(self, data: bytes, _address: tuple[str, int]) -> None:
        try:
            message = sip.parse(data)
        except sip.MalformedError:
            return  # as a phone on the street: noise is not answered
        if call := self._calls.get(message.get("Call-ID")):
            call.take(message)
