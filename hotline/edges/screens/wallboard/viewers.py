"""Those who listen to a stream: each is its own task, none holds up another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SLOW_S = 20.0
HEARTBEAT_S = 10.0
HEARTBEAT = b": here\n\n"
DESK_EVENTS = ("talk", "presence", "call_backs")
BEGIN = b"retry: 2000\n\n"


@dataclass(eq=False, slots=True)
class Viewer:
    """``pending``: versions by event name that this viewer has yet to be told (desk);
    ``sending_since``: the loop's time at which it was handed what it has not yet taken."""

    session: str
    user: int
    role: str
    task: "asyncio.Task[object] | None" = None
    sending_since: float | None = None
    pending: dict[str, int] = field(default_factory=dict)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, name: str, version: int) -> None:
        self.pending[name] = version
        self.told.set()


class Room:
    """The viewers of one kind of stream."""

    def __init__(self) -> None:
        self.viewers: set[Viewer] = set()
        self.closing = asyncio.Event()

    @contextmanager
    def inside(self, viewer: Viewer) -> Iterator[None]:
        viewer.task = asyncio.current_task()
        self.viewers.add(viewer)
        try:
            yield
        finally:
            self.viewers.discard(viewer)

    def drop(self, viewer: Viewer) -> None:
        """Ends a stream, even while the viewer does not take what was sent: then nobody would
        wake it to leave by itself."""
        self.viewers.discard(viewer)
        task, viewer.task = viewer.task, None
        if task is not None:
            task.cancel()

    def drop_slow(self, *, now: float) -> None:
        """Whoever has not taken what was sent for ``SLOW_S``: their connection is dead, or
        would have us keep ever more for them."""
        for viewer in tuple(self.viewers):
            if viewer.sending_since is not None and now - viewer.sending_since > SLOW_S:
                self.drop(viewer)

    def close(self) -> None:
        """Every stream ends at its next word."""
        self.closing.set()
        for viewer in self.viewers:
            viewer.told.set()


class Frames:
    """The newest frame, for everybody: who is slow skips those in between."""

    def __init__(self) -> None:
        self.bytes: dict[bool, bytes] = {}
        self.version = 0
        self._next = asyncio.Event()

    def publish(self, frames: dict[bool, bytes]) -> None:
        """``frames`` by whether names are in them."""
        self.bytes = frames
        self.version += 1
        self.wake()

    def wake(self) -> None:
        waiting, self._next = self._next, asyncio.Event()
        waiting.set()

    async def change(self) -> None:
        await self._next.wait()


async def wallboard_stream(
    room: Room, frames: Frames, viewer: Viewer, *, names: bool
) -> AsyncIterator[bytes]:
    """The newest snapshot at once, then each that is published."""
    loop = asyncio.get_running_loop()
    with room.inside(viewer):
        seen = 0
        parts = [BEGIN]
        while not room.closing.is_set():
            if frames.version != seen:
                seen = frames.version
                parts.append(frames.bytes[names])
            viewer.sending_since = loop.time()
            yield b"".join(parts)
            viewer.sending_since = None
            parts = []
            if frames.version == seen and not room.closing.is_set():
                parts += await _or_heartbeat(frames.change())


async def desk_stream(
    room: Room, viewer: Viewer, version: Callable[[], int]
) -> AsyncIterator[bytes]:
    """Everything once at the beginning (something may have been missed), then what changes.
    Several changes of one kind are one event."""
    loop = asyncio.get_running_loop()
    with room.inside(viewer):
        for name in DESK_EVENTS:
            viewer.tell(name, version())
        parts = [BEGIN]
        while not room.closing.is_set():
            told, viewer.pending = viewer.pending, {}
            viewer.told.clear()
            parts += [event(name, str(number).encode()) for name, number in told.items()]
            viewer.sending_since = loop.time()
            yield b"".join(parts)
            viewer.sending_since = None
            parts = []
            if not viewer.pending and not room.closing.is_set():
                parts += await _or_heartbeat(viewer.told.wait())


def event(name: str, data: bytes) -> bytes:
    """One server-sent event; ``data`` is one line."""
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


async def _or_heartbeat(change: Awaitable[object]) -> list[bytes]:
    """Waits for a change; a heartbeat if there is none, so that a connection that nobody uses
    is neither cut by those in between nor taken for dead."""
    try:
        async with asyncio.timeout(HEARTBEAT_S):
            await change
    except TimeoutError:
        return [HEARTBEAT]
    return []
