"""What a citizen does on the phone: hears which question is asked, and answers it.

Which question it is stands in the database (``reports.call_result.standing``); that it is
asked must be heard: a citizen answers a line that has begun to speak.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async

from bench.phone.call import Call, NotHeardError
from bench.phone.g711 import Samples
from hotline.dialogue.exchange import Ask, Expect
from hotline.reports.call_result import CallStanding, standing

ASKED_WITHIN_S = 40.0
LISTEN_S = 1.2
"""A citizen in a hurry answers by key once they know the question; one who speaks waits for
the tone."""
PROMPT_MOST_S = 120.0
PAUSE_S = 1.5
"""No prompt pauses for so long: after it the question has been said."""
T = TypeVar("T")


class Stuck(Exception):
    """The call did not go on as a call does."""


@dataclass(kw_only=True)
class Citizen:
    """``digits`` answer choices and numbers in order, ``sounds`` the spoken questions (the
    last is said again where there are more questions); ``hang_up_at``: the question of the
    script, from 1, at which the citizen hangs up; ``beep``: the tone before a recording in
    the codec of the call; ``patient``: hears every question to its end."""

    key: str
    digits: deque[str]
    sounds: deque[Samples]
    beep: bytes
    hang_up_at: int | None = None
    patient: bool = False
    tell: Callable[[str], None] = lambda _what: None
    asked: list[str] = field(default_factory=list)

    async def speak_with(self, call: Call, contact: UUID) -> None:
        """From the first question to the end. Raises Stuck."""
        step, heard = -1, call.now
        while not call.ended.is_set():
            now = await self._next_question(call, contact, step)
            if now is None:
                break
            step = now.step
            ask = now.ask
            assert ask is not None  # noqa: S101 - _next_question says so
            self.tell(f"asked: {ask.slot or ask.expect}")
            if ask.slot is not None and ask.slot not in self.asked:
                self.asked.append(ask.slot)
            if self.hang_up_at is not None and len(self.asked) >= self.hang_up_at:
                await call.hears_sound(within_s=ASKED_WITHIN_S)
                await call.hang_up()
                return
            heard = await self._answer(call, ask, heard)
        await self._hear_the_end(call)

    async def _next_question(self, call: Call, contact: UUID, answered: int) -> CallStanding | None:
        """None once the dialogue has ended, or the line has."""
        deadline = time.monotonic() + ASKED_WITHIN_S
        while time.monotonic() < deadline:
            now = await in_database(lambda: standing(contact))
            if now.ask is None:
                return None
            if now.step > answered:
                return now
            if call.ended.is_set():
                return None
            await asyncio.sleep(0.1)
        raise Stuck("the next question did not come")

    async def _answer(self, call: Call, ask: Ask, heard: int) -> int:
        """Returns the mark in what was heard up to which everything is done with."""
        try:
            if ask.speech is not None:
                await call.hears(self.beep, within_s=PROMPT_MOST_S, since=heard)
                await call.say(self._next_sound())
            else:
                await self._listen(call)
                await call.press(self._keys_for(ask))
        except NotHeardError as error:
            if not call.ended.is_set():
                raise Stuck(f"{ask.expect}: {error}") from error
        return call.now

    async def _listen(self, call: Call) -> None:
        await call.hears_sound(within_s=ASKED_WITHIN_S)
        if self.patient:
            await call.hears_nothing_for(PAUSE_S, within_s=PROMPT_MOST_S)
        else:
            await asyncio.sleep(LISTEN_S)

    def _keys_for(self, ask: Ask) -> str:
        match ask.expect:
            case Expect.MENU:
                return self.key
            case Expect.KNOWN:
                return "2"  # a new need, not an addition
            case Expect.CHOICE:
                return self._next_digits("1")
            case Expect.NUMBER:
                return self._next_digits("4") + "#"
            case Expect.PHONE if ask.keys is not None and ask.slot is None:
                return "0901234567#"  # a number for the call-back of who withholds theirs
        return "1"

    def _next_digits(self, default: str) -> str:
        return self.digits.popleft() if self.digits else default

    def _next_sound(self) -> Samples:
        return self.sounds.popleft() if len(self.sounds) > 1 else self.sounds[0]

    async def _hear_the_end(self, call: Call) -> None:
        """The farewell with the code is heard to its end; then the line hangs up."""
        try:
            await call.is_hung_up_on(within_s=PROMPT_MOST_S)
        except NotHeardError as error:
            raise Stuck("the line did not hang up") from error


async def in_database(work: Callable[[], T]) -> T:
    """Run a query beside the event loop."""
    return await sync_to_async(work, thread_sensitive=True)()


def tone_of(prompts: Path, codec: str) -> bytes:
    """The tone before a recording, as a call in ``codec`` hears it."""
    return (prompts / "fixed" / f"beep.{codec}").read_bytes()
