"""A call that comes in: it rings until it is answered, refused or given up."""

import asyncio
import random
import time
from collections.abc import Callable

from bench.phone import sip
from bench.phone.call import GIVE_UP_S, T1_S, Call
from bench.phone.media import Sound

_REASONS = {480: "Temporarily Unavailable", 486: "Busy Here", 503: "Unavailable", 603: "Decline"}


class Ringing:
    """``caller`` and ``dialled``: the numbers shown. ``over`` is set once it rings no more:
    answered, refused, or given up by who rang."""

    def __init__(
        self,
        invite: sip.Message,
        dialog: sip.Dialog,
        send: Callable[[sip.Message], None],
        calls: dict[str, Call],
    ) -> None:
        self.caller = sip.user_of(invite.get("From"))
        self.dialled = sip.user_of(invite.uri)
        self.began_at = time.monotonic()
        self.over = asyncio.Event()
        self.given_up = False
        self._invite = invite
        self._dialog = dialog
        self._send = send
        self._calls = calls
        self._acknowledged = asyncio.Event()
        self._last: sip.Message | None = None

    def ring(self) -> None:
        """Say that it rings here."""
        self._answer(180, "Ringing")

    async def answer(self) -> Call:
        """Returns when the other side knows. Raises TimeoutError if it never does, RuntimeError
        if it rings no more."""
        if self.over.is_set():
            raise RuntimeError("it rings no more")
        media = sip.accepted(self._invite.body)
        host = self._dialog.local_host
        _, sound = await asyncio.get_running_loop().create_datagram_endpoint(
            Sound, local_addr=(host, 0)
        )
        call = Call(self._dialog, sound, self._send)
        self._calls[self._dialog.call_id] = call
        self.over.set()
        sound.begin(media)
        self._answer(200, "OK", sip.reply(host, sound.port, media))
        await self._until_acknowledged()
        return call

    def refuse(self, status: int = 486) -> None:
        """486 is busy. One that rings no more is no error."""
        if not self.over.is_set():
            self.over.set()
            self._answer(status, _REASONS.get(status, "Refused"))

    def take(self, message: sip.Message) -> None:
        """A message of this call arrived, before there was a Call or beside it."""
        if message.method == "ACK":
            self._acknowledged.set()
        elif message.method == "INVITE" and self._last:
            self._send(self._last)  # our answer was lost
        elif message.method == "CANCEL":
            self._send(sip.answer_to(message, 200, "OK"))
            if not self.over.is_set():
                self.given_up = True
                self.over.set()
                self._answer(487, "Request Terminated")

    def is_same_request(self, message: sip.Message) -> bool:
        return message.sequence[0] == self._invite.sequence[0]

    def _answer(self, status: int, reason: str, body: str = "") -> None:
        self._last = sip.answer_to(
            self._invite,
            status,
            reason,
            body,
            tag=self._dialog.local_tag,
            contact=self._dialog.contact,
        )
        self._send(self._last)

    async def _until_acknowledged(self) -> None:
        wait_s, deadline = T1_S, time.monotonic() + GIVE_UP_S
        while time.monotonic() < deadline:
            try:
                async with asyncio.timeout(wait_s):
                    await self._acknowledged.wait()
            except TimeoutError:
                if self._last:
                    self._send(self._last)
                wait_s = min(2 * wait_s, 4.0)
            else:
                return
        raise TimeoutError("the answer was never acknowledged")


def dialog_of(invite: sip.Message, *, host: str, port: int, contact: str) -> sip.Dialog:
    """The dialog that an INVITE from outside begins (RFC 3261, 12.1.1)."""
    return sip.Dialog(
        call_id=invite.get("Call-ID"),
        local=f"{invite.get('To')};tag={random.getrandbits(48):x}",
        remote=invite.get("From"),
        contact=contact,
        via=f"SIP/2.0/UDP {host}:{port}",
        target=sip.uri_of(invite.get("Contact")),
        number=random.randrange(1, 10000),
        routes=invite.all("Record-Route"),
        local_host=host,
    )
