"""What a citizen does on the phone: hears which question is asked, and answers it.

Which question it is stands in the database (``reports.call_result.standing``); that it is
asked must be heard: a citizen answers a line that has begun to speak.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, connection

from bench.phone.call import Call, NotHeardError
from bench.phone.g711 import Samples
from hotline.dialogue.exchange import Ask, Expect
from hotline.reports.call_result import CallStanding, standing

ASKED_WITHIN_S = 40.0
LISTEN_S = 1.2
HURRIED_S = 0.4
PROMPT_MOST_S = 120.0
PAUSE_S = 1.5
"""No prompt pauses for so long: after it the question has been said."""
GIVEN_NUMBER = "0912345678"
DATABASE_WITHIN_S = 60.0
T = TypeVar("T")


class Manner(StrEnum):
    """How a citizen listens. Hurried: keys and # as soon as the question begins, so that a
    test takes no longer than it must. Normal: keys once they know the question; who speaks
    waits for the tone. Patient: every question to its end."""

    HURRIED = "hurried"
    NORMAL = "normal"
    PATIENT = "patient"


class Stuck(Exception):
    """The call did not go on as a call does."""


@dataclass(kw_only=True)
class Citizen:
    """How to answer, in order.

    digits: for choices and numbers; 1 and 4 once there are no more.
    sounds: for the spoken questions; the last is said again where there are more questions.
    beep: the tone before a recording, in the codec of the call.
    hang_up_at: the question of the script, from 1, at which the citizen hangs up.
    withheld: the caller's number is not shown, so one is keyed in where one is asked for.
    until_slot: ``speak_with`` returns once this slot is asked, the line still open.
    """

    key: str
    digits: deque[str]
    sounds: deque[Samples]
    beep: bytes
    hang_up_at: int | None = None
    manner: Manner = Manner.NORMAL
    withheld: bool = False
    until_slot: str | None = None
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
            if ask.slot is not None and ask.slot == self.until_slot:
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
                await self._wait_for_the_tone(call, heard)
                await call.say(self._next_sound())
            else:
                await self._listen(call)
                await call.press(self._keys_for(ask))
        except NotHeardError as error:
            if not call.ended.is_set():
                raise Stuck(f"{ask.expect}: {error}") from error
        return call.now

    async def _wait_for_the_tone(self, call: Call, heard: int) -> None:
        if self.manner is not Manner.HURRIED:
            await call.hears(self.beep, within_s=PROMPT_MOST_S, since=heard)
            return
        await self._listen(call)
        await call.press("#")  # breaks the words off, and the tone with them
        await call.hears_nothing_for(HURRIED_S, within_s=PROMPT_MOST_S)

    async def _listen(self, call: Call) -> None:
        await call.hears_sound(within_s=ASKED_WITHIN_S)
        if self.manner is Manner.PATIENT:
            await call.hears_nothing_for(PAUSE_S, within_s=PROMPT_MOST_S)
        else:
            await asyncio.sleep(HURRIED_S if self.manner is Manner.HURRIED else LISTEN_S)

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
            case Expect.PHONE if self.withheld or ask.slot is None:
                return GIVEN_NUMBER + "#"
        return "1"  # yes; or: the number that I call from

    def _next_digits(self, default: str) -> str:
        return self.digits.popleft() if self.digits else default

    def _next_sound(self) -> Samples:
        return self.sounds.popleft() if len(self.sounds) > 1 else self.sounds[0]

    async def _hear_the_end(self, call: Call) -> None:
        """The farewell with the code is heard to its end; then the line hangs up. Who is in
        a hurry hangs up once it begins."""
        try:
            if self.manner is Manner.HURRIED and not call.ended.is_set():
                await self._listen(call)
                await call.hang_up()
            await call.is_hung_up_on(within_s=PROMPT_MOST_S)
        except NotHeardError as error:
            if not call.ended.is_set():
                raise Stuck("the line did not hang up") from error


async def in_database(work: Callable[[], T]) -> T:
    """Run a query beside the event loop; a database that is away is waited for."""
    deadline = time.monotonic() + DATABASE_WITHIN_S
    while True:
        try:
            return await sync_to_async(_with_connection, thread_sensitive=True)(work)
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.2)


def _with_connection(work: Callable[[], T]) -> T:
    try:
        return work()
    except (OperationalError, InterfaceError):
        connection.close()
        raise


def tone_of(prompts: Path, codec: str) -> bytes:
    """The tone before a recording, as a call in ``codec`` hears it."""
    return (prompts / "fixed" / f"beep.{codec}").read_bytes()
