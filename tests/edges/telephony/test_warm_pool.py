"""Threads for the switchboard's blocking work."""

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from hotline.edges.adapters.telephony.warm_pool import WarmPool


@pytest.fixture
def pool() -> Iterator[WarmPool]:
    pool = WarmPool(3, name="test")
    yield pool
    pool.shutdown()


def test_each_thread_does_one_thing_last() -> None:
    ended: list[int] = []
    pool = WarmPool(3, name="test", at_end=lambda: ended.append(threading.get_ident()))
    together = threading.Barrier(3)
    worked = [pool.submit(lambda: (together.wait(), threading.get_ident())[1]) for _ in range(3)]
    pool.shutdown()
    assert sorted(ended) == sorted(one.result() for one in worked)


def test_whoever_worked_last_works_next(pool: WarmPool) -> None:
    held = threading.Event()
    slow = pool.submit(held.wait)
    first = pool.submit(threading.get_ident).result()
    settled(pool, idle=1)
    for _ in range(20):
        assert pool.submit(threading.get_ident).result() == first
        settled(pool, idle=1)
    held.set()
    assert slow.result()


def test_no_more_threads_than_allowed_and_what_waits_is_done_in_order(pool: WarmPool) -> None:
    held, done = threading.Event(), list[int]()
    busy = [pool.submit(held.wait) for _ in range(3)]
    waiting = [pool.submit(done.append, number) for number in range(5)]
    assert not any(future.done() for future in busy)
    assert not any(future.done() for future in waiting)
    held.set()
    assert all(one.result(timeout=10) for one in busy)
    for future in waiting:
        future.result(timeout=10)
    assert sorted(done) == [0, 1, 2, 3, 4]
    assert len({thread for thread in threading.enumerate() if thread.name.startswith("test-")}) == 3


def test_an_error_reaches_who_asked_and_the_thread_goes_on(pool: WarmPool) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.submit(lambda: 1 / 0).result()
    assert pool.submit(int, "7").result() == 7


def test_what_was_cancelled_is_not_done(pool: WarmPool) -> None:
    held, done = threading.Event(), list[int]()
    busy = [pool.submit(held.wait) for _ in range(3)]
    waiting = pool.submit(done.append, 1)
    assert waiting.cancel()
    held.set()
    for future in busy:
        future.result(timeout=10)
    assert pool.submit(int, "7").result() == 7
    assert done == []


def test_after_the_shutdown_nothing_is_taken_and_what_waited_is_cancelled() -> None:
    pool, held = WarmPool(1, name="closing"), threading.Event()
    busy, waiting = pool.submit(held.wait), pool.submit(int, "7")
    pool.shutdown(wait=False, cancel_futures=True)
    with pytest.raises(RuntimeError):
        pool.submit(int, "7")
    held.set()
    assert busy.result(timeout=10)
    with pytest.raises(CancelledError):
        waiting.result(timeout=10)
    pool.shutdown()
    assert not [one for one in threading.enumerate() if one.name.startswith("closing-")]


def settled(pool: WarmPool, *, idle: int) -> None:
    """Until as many threads stand by: a result is known a moment before."""
    while len(pool._idle) < idle:
        threading.Event().wait(0.001)
