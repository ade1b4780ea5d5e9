"""Where callers and outside lines live: an event loop in a thread, for the browser's own is
busy in the tests'."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, Self, TypeVar

from bench.phone.call import Call
from bench.phone.phone import Phone
from bench.phone.somebody import Somebody
from hotline.dialogue.phones import normalise
from hotline.domain.people.selectors import index_of
from hotline.domain.queue.models import Ticket

T = TypeVar("T")
HEARD_WITHIN_S = 12.0


class Street:
    """Use as ``with Street(port) as street``; everybody is gone at its end."""

    def __init__(self, sip_port: int) -> None:
        self._port = sip_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._stack = AsyncExitStack()

    def __enter__(self) -> Self:
        self._thread.start()
        self.phone = self.run(self._stack.enter_async_context(Phone(("127.0.0.1", self._port))))
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T], *, within_s: float = 60) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within_s)

    def ring(self, number: str, *, hum_hz: int) -> "Caller":
        """Rings 1022 and hums, so that others know this line."""

        async def dial() -> Call:
            call = await self.phone.dial("1022", caller=number)
            call.hum(hum_hz)
            return call

        return Caller(self, self.run(dial()), number)

    def outside(self, *, hum_hz: int, after_s: float = 0.2) -> "Outside":
        """Somebody whom the hotline can dial, who lets it ring for so long, and hums."""

        async def move_in() -> Somebody:
            phone = await self._stack.enter_async_context(Phone(("127.0.0.1", self._port)))
            somebody = Somebody(phone, hum_hz=hum_hz, after_s=after_s)
            return await self._stack.enter_async_context(somebody)

        return Outside(self, self.run(move_in()))


class Outside:
    """The other end of an outside line, or a citizen at home."""

    def __init__(self, street: Street, somebody: Somebody) -> None:
        self._street = street
        self._somebody = somebody
        self.number = somebody.phone.demo_number

    def takes(self, *, within_s: float = HEARD_WITHIN_S) -> "Caller":
        """The call that rings here."""
        call = self._street.run(self._somebody.next_call(within_s=within_s))
        return Caller(self._street, call, self.number)


class Caller:
    """Somebody on the line."""

    def __init__(self, street: Street, call: Call, number: str) -> None:
        self.street = street
        self.call = call
        self.number = number

    def press(self, digits: str) -> None:
        self.street.run(self.call.press(digits))

    def hears(self, expected: set[int], *, of: set[int], within_s: float = HEARD_WITHIN_S) -> None:
        """Of the tones ``of`` exactly these."""
        self.street.run(self.call.hears_pitches(expected, of=of, within_s=within_s))

    def hang_up(self) -> None:
        self.street.run(self.call.hang_up())

    def is_hung_up_on(self, *, within_s: float = HEARD_WITHIN_S) -> None:
        self.street.run(self.call.is_hung_up_on(within_s=within_s))

    @property
    def ticket(self) -> Ticket:
        """Their latest place in the queue."""
        index = index_of(normalise(self.number) or "")
        return Ticket.objects.filter(contact__person__phone_index=index).latest("pk")

    def waits(self) -> Ticket:
        """Presses the key of the menu and has a place in the queue."""
        self.press("2")
        index = index_of(normalise(self.number) or "")
        eventually(Ticket.objects.filter(contact__person__phone_index=index).exists)
        return self.ticket


def eventually(condition: Callable[[], bool], *, within_s: float = 20) -> None:
    """``condition`` asks the database."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s"
        time.sleep(0.1)
