"""Threads for short blocking work: whoever worked last works next.

A thread that has just talked with the database is warm: its statements are prepared and its
connection's caches filled. So few threads do nearly everything, and the others stand by for
the moment when a statement waits.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_Job = tuple[Future[Any], Callable[[], Any]]


class WarmPool(Executor):
    """At most ``most`` threads, begun as they are needed. Work that finds all of them busy waits
    its turn. ``at_end`` is what each thread does last."""

    def __init__(self, most: int, *, name: str, at_end: Callable[[], None] = lambda: None) -> None:
        self.at_end = at_end
        self._most = most
        self._name = name
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._waiting: deque[_Job] = deque()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Raises RuntimeError after ``shutdown``."""
        future: Future[T] = Future()
        job: _Job = (future, lambda: fn(*args, **kwargs))
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is shut down")
            if self._idle:
                self._idle.pop().give(job)
            elif len(self._threads) < self._most:
                worker = _Worker(self, f"{self._name}-{len(self._threads)}")
                self._threads.append(worker.thread)
                worker.give(job)
            else:
                self._waiting.append(job)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """The threads end when they have done what was given to them."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            if cancel_futures:
                for future, _work in self._waiting:
                    future.cancel()
                self._waiting.clear()
        for worker in idle:
            worker.give(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def next_for(self, worker: "_Worker") -> None:
        """``worker`` has ended its job: it takes one that waits, or stands by."""
        with self._lock:
            if self._waiting:
                worker.give(self._waiting.popleft())
            elif self._closed:
                worker.give(None)
            else:
                self._idle.append(worker)


class _Worker:
    """A thread with room for one job."""

    def __init__(self, pool: WarmPool, name: str) -> None:
        self._pool = pool
        self._job: _Job | None = None
        self._given = threading.Lock()
        self._given.acquire()
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.thread.start()

    def give(self, job: _Job | None) -> None:
        """None: end. Only for a worker that has no job."""
        self._job = job
        self._given.release()

    def _run(self) -> None:
        while True:
            self._given.acquire()
            if self._job is None:
                self._pool.at_end()
                return
            (future, work), self._job = self._job, None
            if future.set_running_or_notify_cancel():
                _do(future, work)
            del future, work
            self._pool.next_for(self)


def _do(future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        result = work()
    except BaseException as error:  # whoever waits gets it
        future.set_exception(error)
    else:
        future.set_result(result)
