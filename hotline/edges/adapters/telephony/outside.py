"""A key of the menu leads to a line outside: the call's driver dials it and puts its caller
through. The channel's name holds the contact, so that whoever comes after a crash finds it."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from hotline.dialogue.exchange import OutsideOver
from hotline.edges.adapters.telephony import causes
from hotline.edges.adapters.telephony.dialling import Dialler
from hotline.edges.adapters.telephony.floor import OUTSIDE, Floor
from hotline.edges.adapters.telephony.line import Line
from hotline.edges.adapters.telephony.waiting import Waiter

ANSWERED = "answered"
NO_LINE = "no_line"
ROUND_S = 5.0


class OutsideLine:
    """``spoke``: they hear each other, or did."""

    def __init__(
        self, line: Line, waiter: Waiter, floor: Floor, dialler: Dialler, contact: UUID
    ) -> None:
        self._line = line
        self._waiter = waiter
        self._floor = floor
        self._dialler = dialler
        self._channel = f"{OUTSIDE}{contact}"
        self.spoke = floor.bridge_of(line.channel) == self._channel

    async def connect(self, number: str, begin: Callable[[], Awaitable[None]]) -> OutsideOver:
        """Until it is over; ``begin`` lets the caller hear something. Raises HungUp,
        AriError; the outside line is hung up by whoever sees that nobody needs it."""
        self._line.outside = self._channel
        over = await self._until_over(number, begin)
        self._line.outside = None
        await self._floor.part(self._line.channel)
        self._waiter.lent = False
        await self._waiter.end()
        return over

    async def _until_over(self, number: str, begin: Callable[[], Awaitable[None]]) -> OutsideOver:
        if not self.spoke:
            await begin()
            if self._channel not in self._floor.others and not await self._dialler.outside(
                self._channel, number
            ):
                return OutsideOver(NO_LINE)
        while True:
            if self._channel not in self._floor.others:
                cause = self._floor.why_ended(self._channel) or 0
                return OutsideOver(ANSWERED if self.spoke else causes.of_line(cause))
            if not self.spoke and self._floor.is_up(self._channel) and await self._waiter.lend():
                await self._floor.join(self._channel, {self._channel, self._line.channel})
                self.spoke = True
            await self._line.next(until=asyncio.get_running_loop().time() + ROUND_S)
