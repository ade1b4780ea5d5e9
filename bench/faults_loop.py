"""An event loop whose time is virtual: it stands still while anything happens, and jumps to
the next timer when nothing does. A minute on the telephone takes milliseconds."""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

STANDS_STILL_S = 5.0
"""Nothing is planned and nothing comes: somebody waits for ever."""


class StandsStill(Exception):
    """Everybody waits for somebody else, and no timer will ever wake anybody."""


class _Selector(selectors.DefaultSelector):
    """Looks whether something can be read; never waits while a timer is planned."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            ready = super().select(STANDS_STILL_S)
            if not ready:
                raise StandsStill
            return ready
        self.now += max(timeout, 0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """What is given to threads is done at once, in this one: everything has one order, and
    the same seed the same run. ``around`` may put something around such work."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)
        self.around: Callable[[Callable[[], Any]], Any] = _just_do

    def time(self) -> float:
        return self._virtual.now

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self.create_future()
        try:
            work = partial(func, *args)
            future.set_result(self.around(work) if executor is not None else work())
        except Exception as error:
            future.set_exception(error)
        return future


def _just_do(work: Callable[[], Any]) -> Any:
    return work()


def run(main: Callable[[VirtualLoop], Any]) -> Any:
    """Run ``main`` to its end on a loop of its own. What nobody awaited and went wrong comes
    out too."""
    loop = VirtualLoop()
    unheard: list[Mapping[str, Any]] = []
    loop.set_exception_handler(lambda _loop, context: unheard.append(context))
    try:
        asyncio.set_event_loop(loop)
        result = loop.run_until_complete(main(loop))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    if unheard:
        error = unheard[0].get("exception")
        raise RuntimeError(f"unheard: {unheard[0].get('message')}") from error
    return result
