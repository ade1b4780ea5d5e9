"""The exchange does not wait for one thing to do another."""

import asyncio
from typing import Any

from hotline.edges.adapters.telephony.exchange import Exchange
from hotline.usecases.run_queue import QueueNews

NOTHING = QueueNews(seats=(), phones=(), next_at=None)


class SlowPhones:
    """Asterisk does not answer."""

    async def keep(self, _wanted: object) -> None:
        await asyncio.Event().wait()


class Floor:
    """A bridge in which nobody is."""

    def __init__(self) -> None:
        self.others: dict[str, Any] = {}
        self.bridges = {"talk-1": 0.0}
        self.ended: list[str] = []

    def inside(self, _bridge: str) -> frozenset[str]:
        return frozenset()

    async def end_bridge(self, bridge: str) -> None:
        self.ended.append(bridge)


async def test_a_phone_that_is_slow_to_be_made_keeps_nothing_else_from_being_tidied() -> None:
    floor = Floor()
    nobody: Any = None
    exchange = Exchange(nobody, floor, nobody, SlowPhones(), {}, dials=False)  # type: ignore[arg-type]
    for _look in range(2):
        exchange._take(NOTHING, 1.0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert floor.ended == ["talk-1", "talk-1"]
    assert exchange._keeping is not None
    exchange._keeping.cancel()
