"""One caller's channel: what is happening on it, in order, and how they stand in the queue."""

import asyncio
import math
from collections import deque
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


@dataclass(slots=True)
class Looks:
    """When the queue was asked (``moments.moment``) for what it said last."""

    asked: float = -math.inf


@dataclass(frozen=True, slots=True)
class Level:
    """What the queue says, still: the caller's seat, or that they have none. It goes as soon as
    one of ``looks`` says something else."""

    seat: Seat | None
    looks: Looks


class Line:
    """Filled by the switchboard with ``put`` and ``tell``, read by the call that drives the
    channel. ``since``: when the call began what it does now; what the queue said of the time
    before is not for it. ``outside`` is a channel that the call itself has dialled. ``playing``:
    the playbacks that sound or wait for their turn, in order."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self._loop = asyncio.get_running_loop()
        self.gone = False
        self.since = 0.0
        self.level: Level | None = None
        self.waiter: Waiter | None = None
        self.outside: str | None = None
        self.playing: list[str] = []
        self._events: deque[Event | Woken] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._kept: list[KeyPressed] = []

    def put(self, event: Event) -> None:
        if isinstance(event, CallGone):
            self.gone = True
        if isinstance(event, PlaybackOver) and not self._ends(event.playback):
            return  # it was replaced: nobody waits for its end
        self._add(event)

    def _ends(self, playback: str) -> bool:
        """Whether it still counted as playing."""
        if self.waiter is not None:
            self.waiter.has_ended(playback)
        if playback not in self.playing:
            return False
        self.playing.remove(playback)
        return True

    def tell(self, level: Level, *, before: float) -> None:
        """How the caller stands in the queue, if it is new or the first that is said since they
        do what they do now: the look before this one was asked at ``before``. Whoever waits
        for people is woken, but not for a place that moves."""
        known, self.level = self.level, level
        if self.waiter is None:
            return
        if known is None or before < self.since or _standing(known) != _standing(level):
            self.wake()

    def wake(self) -> None:
        self._add(Woken())

    def level_since(self, moment: float) -> Level | None:
        """What the queue says, if it was asked at that moment or later."""
        return self.level if self.level is not None and self.level.looks.asked >= moment else None

    async def next(self, *, until: float | None) -> Event | Woken | None:
        """The next event; None at the moment ``until`` (of the loop's clock). Raises HungUp
        once everything that happened before the hang-up was read."""
        if self._kept:
            return self._kept.pop(0)
        if not self._events and not await self._something(until):
            return None
        event = self._events.popleft()
        if isinstance(event, CallGone):
            self._events.append(event)  # whoever asks again hears it again
            raise HungUp
        return event

    async def _something(self, until: float | None) -> bool:
        """Waits for an event; False at the moment ``until``. For one reader."""
        # a timer and a future: asyncio's queue and timeout do more than one reader needs
        loop = self._loop
        reader = self._reader = loop.create_future()
        timer = None if until is None else loop.call_at(until, _wake, reader)
        try:
            await reader
        finally:
            self._reader = None
            if timer is not None:
                timer.cancel()
        return bool(self._events)

    def _add(self, event: Event | Woken) -> None:
        self._events.append(event)
        if self._reader is not None:
            _wake(self._reader)

    def put_back(self, key: KeyPressed) -> None:
        """The key belongs to the next question."""
        self._kept.append(key)

    def forget(self, *, but_keys: str) -> None:
        """Drop what happened while nothing was asked: a key that bounced must not answer a
        question that nobody has heard. Keys of ``but_keys`` (calling a person) count always."""
        waiting, self._events = self._events, deque()
        for event in waiting:
            if isinstance(event, KeyPressed) and event.digit in but_keys:
                self._kept.append(event)
            elif isinstance(event, CallGone):
                self._events.append(event)


def _standing(level: Level | None) -> tuple[object, ...] | None:
    return level.seat.standing if level is not None and level.seat is not None else None


def _wake(reader: asyncio.Future[None]) -> None:
    if not reader.done():
        reader.set_result(None)
