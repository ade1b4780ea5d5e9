"""One caller's channel: what is happening on it, in order, and how they stand in the queue."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.domain.queue.seats import Seat
from hotline.edges.adapters.telephony.ari.events import (
    CallGone,
    Event,
    KeyPressed,
    PlaybackOver,
)

if TYPE_CHECKING:
    from hotline.edges.adapters.telephony.waiting import Waiter


class HungUp(Exception):
    """The channel is gone."""


@dataclass(frozen=True, slots=True)
class Woken:
    """Look again at how things stand."""


@dataclass(frozen=True, slots=True)
class Level:
    """What the queue said, asked at ``asked`` (the loop's clock): the caller's seat, or that
    they have none."""

    seat: Seat | None
    asked: float


class Line:
    """Filled by the switchboard with ``put`` and ``tell``, read by the call that drives the
    channel. ``since``: when the call began what it does now; what the queue said of the time
    before is not for it. ``outside`` is a channel that the call itself has dialled."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.gone = False
        self.since = 0.0
        self.level: Level | None = None
        self.waiter: Waiter | None = None
        self.outside: str | None = None
        self._events: asyncio.Queue[Event | Woken] = asyncio.Queue()
        self._kept: list[KeyPressed] = []

    def put(self, event: Event) -> None:
        if isinstance(event, CallGone):
            self.gone = True
        elif isinstance(event, PlaybackOver) and self.waiter is not None:
            self.waiter.has_ended(event.playback)
        self._events.put_nowait(event)

    def tell(self, level: Level) -> None:
        """How the caller stands in the queue; whoever waits by it is woken if it is new."""
        before, self.level = self.level, level
        if before is None or before.seat != level.seat or before.asked < self.since:
            self.wake()

    def wake(self) -> None:
        self._events.put_nowait(Woken())

    def level_since(self, moment: float) -> Level | None:
        return self.level if self.level is not None and self.level.asked >= moment else None

    async def next(self, *, until: float | None) -> Event | Woken | None:
        """The next event; None at the moment ``until`` (of the loop's clock). Raises HungUp
        once everything that happened before the hang-up was read."""
        if self._kept:
            return self._kept.pop(0)
        try:
            async with asyncio.timeout_at(until):
                event = await self._events.get()
        except TimeoutError:
            return None
        if isinstance(event, CallGone):
            self._events.put_nowait(event)  # whoever asks again hears it again
            raise HungUp
        return event

    def put_back(self, key: KeyPressed) -> None:
        """The key belongs to the next question."""
        self._kept.append(key)

    def forget(self, *, but_keys: str) -> None:
        """Drop what happened while nothing was asked: a key that bounced must not answer a
        question that nobody has heard. Keys of ``but_keys`` (calling a person) count always."""
        waiting = [self._events.get_nowait() for _ in range(self._events.qsize())]
        for event in waiting:
            if isinstance(event, KeyPressed) and event.digit in but_keys:
                self._kept.append(event)
            elif isinstance(event, CallGone):
                self._events.put_nowait(event)
