"""How much slower the cores are while a load runs.

Two virtual cores are often two threads of one: each does less while the other works, and CPU
time counts the waiting. A fixed piece of work is timed alone and again beside the load.
"""

import threading
import time
from statistics import mean
from types import TracebackType
from typing import Self

EVERY_S = 0.5
PIECE = 40_000
ALONE = 15


class Slowness:
    """A context around a load. ``factor`` afterwards: the CPU time of the same work beside the
    load, by that alone; 1 where nothing disturbs it."""

    def __init__(self) -> None:
        self.factor = 1.0
        self._over = threading.Event()
        self._beside: list[float] = []
        self._alone = 0.0
        self._thread = threading.Thread(target=self._watch, name="slowness", daemon=True)

    def __enter__(self) -> Self:
        self._alone = min(_piece_s() for _ in range(ALONE))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        if self._beside:
            self.factor = round(mean(self._beside) / self._alone, 2)

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            self._beside.append(_piece_s())


def _piece_s() -> float:
    began, total = time.thread_time(), 0
    for number in range(PIECE):
        total += number * number
    if total < PIECE:
        raise AssertionError
    return time.thread_time() - began
