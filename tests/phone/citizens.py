"""Citizens who ring the rig: each with a number of their own."""

import asyncio
import itertools
import math
import time
from array import array
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self
from uuid import UUID

from bench.citizen import Citizen, Manner, in_database, tone_of
from bench.phone.call import Call
from bench.phone.g711 import Samples
from bench.phone.phone import Phone
from hotline.dialogue import phones
from hotline.dialogue.exchange import Part, Words
from hotline.reports.call_result import (
    CallJson,
    CallStanding,
    call_result,
    latest_call_of,
    standing,
)
from tests.phone.rig import Rig
from tests.phone.voice import BriefVoice

FOUND_WITHIN_S = 15.0
KEPT_WITHIN_S = 40.0
_numbers = itertools.count(901_000_001)


def tone(seconds: float, *, hz: float = 440) -> Samples:
    """Something to say: loud enough to be speech, trembling like it."""
    return array(
        "h",
        [
            int(7000 * math.sin(hz * math.tau * i / 8000) * (0.6 + 0.4 * math.sin(i / 900)))
            for i in range(int(8000 * seconds))
        ],
    )


class Town:
    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._phone = Phone(("127.0.0.1", rig.base + 4))
        self._prompts = BriefVoice(rig.prompts)

    async def __aenter__(self) -> Self:
        await self._phone.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._phone.__aexit__(kind, error, trace)

    async def ring(
        self,
        *,
        withheld: bool = False,
        number: str | None = None,
        manner: Manner = Manner.HURRIED,
    ) -> "Caller":
        """Somebody rings and was written down; ``number``: theirs, else one that is new."""
        number = None if withheld else number or f"0{next(_numbers)}"
        before = await in_database(lambda: latest_call_of(_e164(number)))
        call = await self._phone.dial("1022", caller=number)
        contact = await _found(number, before)
        return Caller(self._rig, call, contact, number, manner)

    async def dial(self, number: str | None = None) -> tuple[Call, str]:
        """Somebody new rings; whether anybody takes the call is another matter."""
        number = number or f"0{next(_numbers)}"
        return await self._phone.dial("1022", caller=number), number


class Caller:
    """Somebody on the line."""

    def __init__(
        self, rig: Rig, call: Call, contact: UUID, number: str | None, manner: Manner
    ) -> None:
        self.call = call
        self.contact = contact
        self.number = number
        self._rig = rig
        self._manner = manner
        self._prompts = BriefVoice(rig.prompts)

    async def answers(
        self,
        *,
        until_slot: str | None = None,
        key: str = "2",
        said: tuple[Samples, ...] = (),
        hang_up_at: int | None = None,
    ) -> None:
        """Answers question after question: to the end, or until ``until_slot`` is asked."""
        citizen = Citizen(
            key=key,
            digits=deque(),
            sounds=deque(said or (tone(1.5),)),
            beep=self.beep,
            hang_up_at=hang_up_at,
            withheld=self.number is None,
            manner=self._manner,
            until_slot=until_slot,
        )
        await citizen.speak_with(self.call, self.contact)

    @property
    def beep(self) -> bytes:
        return tone_of(self._rig.prompts, self.call.sound.codec.file_ending)

    async def standing(self) -> CallStanding:
        return await in_database(lambda: standing(self.contact))

    async def result(self) -> CallJson:
        """What came of the call, once its recordings are kept."""
        await eventually(lambda: standing(self.contact).settled, within_s=KEPT_WITHIN_S)
        return await in_database(lambda: call_result(self.contact, language="vi"))

    async def hears_question(self, *, within_s: float, since: int = 0) -> None:
        """The question that the database says is being asked."""
        now = await self.standing()
        assert now.ask is not None
        await self.hears_words(now.ask.parts, within_s=within_s, since=since)

    async def hears_words(
        self, parts: tuple[Part, ...], *, within_s: float, since: int = 0
    ) -> None:
        first = next(part for part in parts if isinstance(part, Words))
        await self.call.hears(self.prompt(first.text), within_s=within_s, since=since)

    def prompt(self, text: str) -> bytes:
        path = self._prompts.path("vi", text)
        return path.with_name(f"{path.name}.{self.call.sound.codec.file_ending}").read_bytes()

    def music(self) -> bytes:
        path = self._prompts.fixed("music")
        # the loop swells in from silence
        content = path.with_name(f"music.{self.call.sound.codec.file_ending}").read_bytes()
        return content[8000:]


async def eventually(condition: Callable[[], bool], *, within_s: float) -> None:
    """``condition`` asks the database."""
    deadline = time.monotonic() + within_s
    while not await in_database(condition):
        assert time.monotonic() < deadline, f"not within {within_s} s"
        await asyncio.sleep(0.1)


async def _found(number: str | None, before: UUID | None) -> UUID:
    found: list[UUID] = []

    def look() -> bool:
        latest = latest_call_of(_e164(number))
        if latest is not None and latest != before:
            found.append(latest)
        return bool(found)

    await eventually(look, within_s=FOUND_WITHIN_S)
    return found[0]


def _e164(number: str | None) -> str | None:
    return phones.normalise(number) if number else None
