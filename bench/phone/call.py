"""One call as its caller lives it: dial, hear, press, speak, hang up."""

import asyncio
import random
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

from bench.phone import g711, pitch, sip
from bench.phone.digest import Account
from bench.phone.media import FRAME_S, Sound

T1_S = 0.5
"""RFC 3261's estimate of a round trip; requests are repeated from here on, doubling."""
GIVE_UP_S = 32.0
POLL_S = 0.02
KNOWN_BY = slice(800, 7200)
"""The part of a prompt by which it is known: from 0.1 s to 0.9 s."""


class RefusedError(Exception):
    """The call was not put through; ``status`` is the SIP status, 408 if nobody answered."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


class NotHeardError(AssertionError):
    """What the caller waited for did not come in time."""


class Call:
    """Made by ``Phone.dial``, or by ``Ringing.answer``; ``caller``: who rang then."""

    def __init__(
        self,
        dialog: sip.Dialog,
        sound: Sound,
        send: Callable[[sip.Message], None],
        *,
        account: Account | None = None,
    ) -> None:
        self.sound = sound
        self.account = account
        self.caller = sip.user_of(dialog.remote)
        self.ended = asyncio.Event()
        self.began_at = time.monotonic()
        self._dialog = dialog
        self._send = send
        self._answers: asyncio.Queue[sip.Message] = asyncio.Queue()
        self._ack: sip.Message | None = None

    # --- signalling -------------------------------------------------------------

    async def invite(self, offer: str) -> None:
        """Until the other side answers. Raises RefusedError."""
        answer = await self._invite(offer)
        if answer.status == 401 and self.account:
            self._dialog.number += 1
            challenge = answer.get("WWW-Authenticate")
            proof = self.account.proof(challenge, "INVITE", self._dialog.target)
            answer = await self._invite(offer, ("Authorization", proof))
        if answer.status >= 300:
            raise RefusedError(answer.status)
        self._dialog.remote = answer.get("To")
        self._dialog.target = sip.uri_of(answer.get("Contact"))
        self._dialog.routes = list(reversed(answer.all("Record-Route")))
        self._ack = self._dialog.request("ACK", _token(), number=self._dialog.number)
        self._send(self._ack)
        self.sound.begin(sip.accepted(answer.body))

    async def _invite(self, offer: str, *more: tuple[str, str]) -> sip.Message:
        """The final answer; a refusal is acknowledged at once."""
        branch, number = _token(), self._dialog.number
        invite = self._dialog.request("INVITE", branch, number=number, body=offer, more=more)
        answer = await self._ask(invite, patient=True)
        if answer.status >= 300:
            ack = self._dialog.request("ACK", branch, number=number)
            headers = [(k, answer.get("To") if k == "To" else v) for k, v in ack.headers]
            self._send(sip.Message(headers, method="ACK", uri=ack.uri))
        return answer

    async def hang_up(self) -> None:
        """A call that is over already is no error."""
        if self.ended.is_set():
            return
        self.ended.set()
        self._dialog.number += 1
        bye = self._dialog.request("BYE", _token(), number=self._dialog.number)
        with suppress(RefusedError):  # the other side died: the call is over all the same
            await self._ask(bye, patient=False)
        self.sound.close()

    def vanish(self) -> None:
        """As when the caller's battery dies: no BYE, no more sound."""
        self.ended.set()
        self.sound.close()

    def take(self, message: sip.Message) -> None:
        """A message of this call arrived."""
        if message.status:
            if message.sequence[1] == "INVITE" and message.status >= 200 and self._ack:
                self._send(self._ack)  # our ACK was lost
            self._answers.put_nowait(message)
        elif message.method == "BYE":
            self._send(sip.answer_to(message, 200, "OK"))
            self.ended.set()
            self.sound.close()
        elif message.method == "INVITE":
            self._renew(message)
        elif message.method in {"OPTIONS", "INFO", "UPDATE", "NOTIFY"}:
            self._send(sip.answer_to(message, 200, "OK"))
        elif message.method != "ACK":
            self._send(sip.answer_to(message, 488, "Not Acceptable Here"))

    def _renew(self, invite: sip.Message) -> None:
        """The other side moves its sound, holds us or takes us back."""
        if not invite.body:
            self._send(sip.answer_to(invite, 488, "Not Acceptable Here"))
            return
        media = sip.accepted(invite.body)
        self.sound.begin(media)
        body = sip.reply(self.sound.host, self.sound.port, media)
        self._send(sip.answer_to(invite, 200, "OK", body, contact=self._dialog.contact))

    async def _ask(self, request: sip.Message, *, patient: bool) -> sip.Message:
        """Send and send again until the final answer. Raises RefusedError(408)."""
        wait_s, deadline, heard = T1_S, time.monotonic() + GIVE_UP_S, False
        self._send(request)
        while (now := time.monotonic()) < deadline:
            try:
                async with asyncio.timeout(deadline - now if heard else wait_s):
                    answer = await self._answers.get()
            except TimeoutError:
                if not heard:
                    self._send(request)
                    wait_s = min(2 * wait_s, 4.0)
                continue
            if answer.sequence != request.sequence:
                continue
            if answer.status >= 200:
                return answer
            heard = patient  # a provisional answer ends the repeating of an INVITE
        raise RefusedError(408)

    # --- speaking ---------------------------------------------------------------

    async def press(self, digits: str) -> None:
        """Returns when the last key was sent."""
        self.sound.press(digits)
        await self._sent()

    async def say(self, samples: g711.Samples) -> None:
        """16-bit samples at 8 kHz; returns when the last was sent."""
        self.sound.say(g711.encode(samples, self.sound.codec))
        await self._sent()

    def hum(self, hz: int) -> None:
        """A tone whenever nothing else is said, so that others know this line by it; 0 ends
        it."""
        self.sound.hum(pitch.hum(hz, self.sound.codec) if hz else b"")

    async def _sent(self) -> None:
        while self.sound.busy and not self.ended.is_set():
            await asyncio.sleep(FRAME_S)

    # --- hearing ----------------------------------------------------------------

    @property
    def now(self) -> int:
        """A mark in what was heard, for ``since``."""
        return len(self.sound.heard)

    def has_heard(self, prompt: bytes, *, since: int = 0) -> bool:
        """``prompt`` is the content of the prompt's file in the codec of the call. Asterisk
        sends it unchanged, so that equality tells which prompt it was; a prompt that was
        broken off within its first second is not found."""
        known = prompt[KNOWN_BY] or prompt
        if len(set(known)) < 3:
            raise ValueError("a silent prompt cannot be recognised")
        return self.sound.heard.find(known, since) >= 0

    async def hears(self, prompt: bytes, *, within_s: float, since: int = 0) -> None:
        """Raises NotHeardError."""
        await self.until(lambda: self.has_heard(prompt, since=since), within_s=within_s)

    def pitches(self, of: Iterable[int], *, last_s: float = 0.4) -> frozenset[int]:
        """Which of these tones were heard in the last moments; none when nothing came."""
        since = self.sound.heard_at(time.monotonic() - last_s)
        return pitch.heard(self.sound.heard[since:], self.sound.codec, of)

    async def hears_pitches(
        self, expected: Collection[int], *, of: Collection[int], within_s: float
    ) -> None:
        """Until, of the tones ``of``, exactly the expected ones are heard. Raises
        NotHeardError."""
        await self.until(lambda: self.pitches(of) == frozenset(expected), within_s=within_s)

    async def hears_sound(self, *, within_s: float) -> None:
        """Until something sounds. Raises NotHeardError."""
        await self.until(lambda: self.sound.quiet_s() < 0.1, within_s=within_s)

    async def hears_nothing_for(self, seconds: float, *, within_s: float) -> None:
        """Until it has been quiet for so long. Raises NotHeardError."""
        await self.until(lambda: self.sound.quiet_s() >= seconds, within_s=within_s)

    async def is_hung_up_on(self, *, within_s: float) -> None:
        """Raises NotHeardError."""
        await self.until(self.ended.is_set, within_s=within_s)

    async def until(self, condition: Callable[[], bool], *, within_s: float) -> None:
        """Raises NotHeardError; ends early, unless the condition holds, when the call does."""
        deadline = time.monotonic() + within_s
        while not condition():
            if self.ended.is_set():
                raise NotHeardError("the call ended before it was heard")
            if time.monotonic() > deadline:
                raise NotHeardError(f"not heard within {within_s} s")
            await asyncio.sleep(POLL_S)


def _token() -> str:
    return f"{random.getrandbits(64):016x}"
