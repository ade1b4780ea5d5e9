"""One caller's channel: what is happening on it, in order."""

import asyncio

from hotline.edges.adapters.telephony.ari.events import CallGone, Event, KeyPressed


class HungUp(Exception):
    """The channel is gone."""


class Line:
    """Filled by the switchboard with ``put``, read by the call that drives the channel."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.gone = False
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._kept: list[KeyPressed] = []

    def put(self, event: Event) -> None:
        if isinstance(event, CallGone):
            self.gone = True
        self._events.put_nowait(event)

    async def next(self, *, until: float | None) -> Event | None:
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
