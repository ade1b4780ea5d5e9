"""Many calls from one UDP port; one clock paces the sound of all of them."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from bench.phone import sip
from bench.phone.call import T1_S, Call, RefusedError
from bench.phone.digest import Account
from bench.phone.g711 import Codec
from bench.phone.media import FRAME_S, Sound
from bench.phone.ringing import Ringing, dialog_of

_TRIES = 6
BOTH = (Codec.PCMA, Codec.PCMU)


class Phone:
    """``server`` is where calls go (host, UDP port). Use it as ``async with Phone(…)``.

    account: to register with, and to prove who dials; without one it is a citizen's.
    own_port: where it listens; 0: anywhere. The demonstration's exchange rings this port by the
    number ``020000`` and the port in five digits. rings: calls that come in, see ``Ringing``;
    ``bench.phone.somebody`` answers them.
    """

    def __init__(
        self,
        server: tuple[str, int],
        *,
        host: str = "127.0.0.1",
        own_port: int = 0,
        account: Account | None = None,
    ) -> None:
        self._server = server
        self._host = host
        self._own_port = own_port
        self._account = account
        self._registered = False
        self._calls: dict[str, Call] = {}
        self._ringing: dict[str, Ringing] = {}
        self._answers: asyncio.Queue[sip.Message] = asyncio.Queue()
        self._registrations = f"{random.getrandbits(96):x}@{host}"
        self._number = 0
        self.rings: asyncio.Queue[Ringing] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport
        self._clock: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: _Signalling(self._take), local_addr=(self._host, self._own_port)
        )
        self._clock = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for ringing in self._ringing.values():
            ringing.refuse(480)
        await asyncio.gather(*(call.hang_up() for call in self._calls.values()))
        if self._registered:
            with suppress(RefusedError):
                await self.register(expires_s=0)
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
        call = Call(dialog, sound, self._send, account=self._account)
        self._calls[dialog.call_id] = call
        try:
            await call.invite(sip.offer(self._host, sound.port, codecs))
        except BaseException:
            call.vanish()
            raise
        return call

    @property
    def port(self) -> int:
        """Where it listens for signalling."""
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    @property
    def demo_number(self) -> str:
        """By which the demonstration's exchange rings this phone."""
        return f"020000{self.port:05d}"

    async def register(self, *, expires_s: int = 600) -> None:
        """Tell the server where the account's calls shall go; 0 takes it back. Not renewed by
        itself. Raises RefusedError."""
        if self._account is None:
            raise RuntimeError("a phone without an account cannot register")
        answer = await self._register(expires_s)
        if answer.status == 401:
            uri = self._registrar
            proof = self._account.proof(answer.get("WWW-Authenticate"), "REGISTER", uri)
            answer = await self._register(expires_s, ("Authorization", proof))
        if answer.status != 200:
            raise RefusedError(answer.status)
        self._registered = expires_s > 0

    @property
    def _registrar(self) -> str:
        host, port = self._server
        return f"sip:{host}:{port}"

    async def _register(self, expires_s: int, *more: tuple[str, str]) -> sip.Message:
        assert self._account is not None  # noqa: S101 - register says so
        self._number += 1
        whom = f"<sip:{self._account.user}@{self._server[0]}>"
        dialog = self._dialog("", None)
        request = replace(
            dialog,
            call_id=self._registrations,
            local=f"{whom};tag={random.getrandbits(48):x}",
            remote=whom,
            target=self._registrar,
        ).request(
            "REGISTER",
            f"{random.getrandbits(64):016x}",
            number=self._number,
            more=[("Expires", str(expires_s)), *more],
        )
        wait_s = T1_S
        for _ in range(_TRIES):
            self._send(request)
            try:
                async with asyncio.timeout(wait_s):
                    while (answer := await self._answers.get()).sequence != request.sequence:
                        pass
            except TimeoutError:
                wait_s = min(2 * wait_s, 4.0)
                continue
            return answer
        raise RefusedError(408)

    def _take(self, message: sip.Message) -> None:
        name = message.get("Call-ID")
        call, ringing = self._calls.get(name), self._ringing.get(name)
        if message.status and message.sequence[1] == "REGISTER":
            self._answers.put_nowait(message)
        elif ringing and (
            message.method in {"ACK", "CANCEL"}
            or (message.method == "INVITE" and ringing.is_same_request(message))
        ):
            ringing.take(message)
        elif call:
            call.take(message)
        elif message.method == "INVITE":
            self._ring(message)
        elif message.method == "OPTIONS":
            self._send(sip.answer_to(message, 200, "OK", contact=self._contact))

    def _ring(self, invite: sip.Message) -> None:
        dialog = dialog_of(invite, host=self._host, port=self.port, contact=self._contact)
        ringing = Ringing(invite, dialog, self._send, self._calls)
        self._ringing[dialog.call_id] = ringing
        ringing.ring()
        self.rings.put_nowait(ringing)

    @property
    def _contact(self) -> str:
        user = self._account.user if self._account else "citizen"
        return f"<sip:{user}@{self._host}:{self.port}>"

    def _dialog(self, number: str, caller: str | None) -> sip.Dialog:
        port = self.port
        host, server_port = self._server
        tag, call_id = f"{random.getrandbits(48):x}", f"{random.getrandbits(96):x}"
        shown = '"Anonymous" <sip:anonymous@anonymous.invalid>'
        if name := caller or (self._account and self._account.user):
            shown = f"<sip:{name}@{self._host}:{port}>"
        return sip.Dialog(
            call_id=f"{call_id}@{self._host}",
            local=f"{shown};tag={tag}",
            remote=f"<sip:{number}@{host}:{server_port}>",
            contact=self._contact,
            via=f"SIP/2.0/UDP {self._host}:{port}",
            target=f"sip:{number}@{host}:{server_port}",
            local_host=self._host,
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
    def __init__(self, take: Callable[[sip.Message], None]) -> None:
        self._take = take

    def datagram_received(self, data: bytes, _address: tuple[str, int]) -> None:
        # as a phone on the street: noise is not answered
        with suppress(sip.MalformedError):
            self._take(sip.parse(data))
