"""Somebody at a phone: an operator, or the other end of an outside line.

    async with Phone(server, account=Account("op101", password)) as phone:
        await phone.register()
        async with Somebody(phone, after_s=1, hum_hz=900) as operator:
            call = await operator.next_call(within_s=10)      # rang, answered, hums
            await call.hears_pitches({700}, of={700, 900, 1100}, within_s=3)

An outside line of the demonstration's exchange needs no account: ``Phone(server)`` is rung by
dialling its ``demo_number``.
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from types import TracebackType
from typing import Self

from bench.phone.call import Call
from bench.phone.phone import Phone
from bench.phone.ringing import Ringing


class Manner(StrEnum):
    """What somebody does when it rings."""

    ANSWERS = "answers"
    BUSY = "busy"
    REFUSES = "refuses"
    SILENT = "silent"
    """Lets it ring."""


_STATUS = {Manner.BUSY: 486, Manner.REFUSES: 603}


class Somebody:
    """Takes what rings at ``phone`` inside ``async with``.

    after_s: how long it rings before they answer or refuse. hum_hz: the tone they are known
    by, 0 for none. talk_s: after which they hang up; None: they stay. Every attribute may be
    changed at any time and counts for the next call. rang: every call that came in.
    """

    def __init__(
        self,
        phone: Phone,
        *,
        manner: Manner = Manner.ANSWERS,
        after_s: float = 0.2,
        hum_hz: int = 0,
        talk_s: float | None = None,
        on_answer: Callable[[Call], None] = lambda _call: None,
    ) -> None:
        self.phone = phone
        self.manner = manner
        self.after_s = after_s
        self.hum_hz = hum_hz
        self.talk_s = talk_s
        self.on_answer = on_answer
        self.rang: list[Ringing] = []
        self.calls: list[Call] = []
        self._new: asyncio.Queue[Call] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._watch = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        tasks = [self._watch, *self._tasks]
        for task in tasks:
            task.cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        wrong = [one for one in found if isinstance(one, Exception)]
        if wrong and error is None:
            raise wrong[0]

    async def next_call(self, *, within_s: float) -> Call:
        """The next call that was answered and was not asked for yet. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            return await self._new.get()

    async def _listen(self) -> None:
        while True:
            ringing = await self.phone.rings.get()
            self.rang.append(ringing)
            task = asyncio.create_task(self._meet(ringing))
            self._tasks.add(task)
            task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        """What went wrong is kept until the end."""
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)

    async def _meet(self, ringing: Ringing) -> None:
        if self.manner is Manner.SILENT:
            return
        try:
            async with asyncio.timeout(self.after_s):
                await ringing.over.wait()
        except TimeoutError:
            pass
        else:
            return  # who rang gave up
        if self.manner in _STATUS:
            ringing.refuse(_STATUS[self.manner])
            return
        call = await ringing.answer()
        call.hum(self.hum_hz)
        self.calls.append(call)
        self._new.put_nowait(call)
        self.on_answer(call)
        if self.talk_s is not None:
            try:
                async with asyncio.timeout(self.talk_s):
                    await call.ended.wait()
            except TimeoutError:
                await call.hang_up()
