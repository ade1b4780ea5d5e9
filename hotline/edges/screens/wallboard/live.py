"""The one publisher of a process: hears of changes, reads once, tells everybody."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from django.db import DatabaseError, close_old_connections

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound
from hotline.domain.accounts.models import User
from hotline.domain.nodes.services import beat
from hotline.edges.screens.wallboard.latest import latest
from hotline.edges.screens.wallboard.listening import listen
from hotline.edges.screens.wallboard.seats import signed_in
from hotline.edges.screens.wallboard.viewers import DESK_EVENTS, Frames, Room, Viewer, event
from hotline.reports import wallboard

log = logging.getLogger(__name__)
T = TypeVar("T")

QUEUE, DESK = "hotline_queue", "hotline_desk"
AT_MOST_EVERY_S = 1.0
ANYWAY_AFTER_S = 5.0
SEATS_EVERY_S = 60.0
BEAT_S = 3.0
PROCESS = "live"
TROUBLE = event("trouble", b"database")


class Live:
    """Begins with the first viewer (or with the server, where that tells us). Holds one
    connection for notifications and, in two threads, one each for reading; none a viewer."""

    def __init__(self) -> None:
        self.board, self.desks, self.frames = Room(), Room(), Frames()
        self.hears = False
        self._tasks: list[asyncio.Task[None]] = []
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reads")
        self._changed = asyncio.Event()
        self._mark: tuple[object, ...] = ()
        self._version = time.time_ns() // 1_000_000  # grows beyond those of an earlier process
        self._clock = SystemClock()

    def begin(self) -> None:
        """Idempotent; needs the running loop."""
        if self._tasks:
            return
        loop = asyncio.get_running_loop()
        listening = listen((QUEUE, DESK), connected=self._connected, heard=self._heard)
        for part in (listening, self._publish(), self._watch_viewers(), self._sign_of_life()):
            self._tasks.append(loop.create_task(part))

    def end_streams(self) -> None:
        self.board.close()
        self.desks.close()
        self.frames.wake()

    async def end(self) -> None:
        self.end_streams()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def who(self, session: str) -> User | None:
        """The user of a session key; None for who is not signed in. Raises DatabaseError."""
        now = self._clock.now()
        found = await self._in_thread(lambda: signed_in([session], now=now))
        return found.get(session)

    def version(self) -> int:
        self._version += 1
        return self._version

    def wanted(self) -> None:
        """A viewer came: the newest they could get may be old."""
        self._changed.set()

    # --- what wakes us ---------------------------------------------------------------------

    def _connected(self, up: bool) -> None:
        self.hears = up
        if up:  # something may have been missed
            for viewer in self.desks.viewers:
                self._tell_all(viewer)
            self._changed.set()

    def _heard(self, channel: str, payload: str) -> None:
        """``hotline_desk`` names a user, and may name an event behind a colon."""
        if channel == QUEUE:
            self._changed.set()
            return
        user, _, name = payload.partition(":")
        for viewer in self.desks.viewers:
            if str(viewer.user) == user:
                for one in (name,) if name else ("talk", "presence"):
                    viewer.tell(one, self.version())
        self._changed.set()

    def _tell_all(self, viewer: Viewer) -> None:
        for name in DESK_EVENTS:
            viewer.tell(name, self.version())

    # --- what we do all the time -----------------------------------------------------------

    async def _publish(self) -> None:
        """At most one snapshot a second, and only while somebody looks."""
        loop = asyncio.get_running_loop()
        looked = loop.time() - AT_MOST_EVERY_S
        published = 0.0
        while True:
            await self._told_within(AT_MOST_EVERY_S)
            await asyncio.sleep(max(0.0, looked + AT_MOST_EVERY_S - loop.time()))
            told = self._changed.is_set()
            self._changed.clear()
            if not self.board.viewers and not self.desks.viewers:
                continue
            looked = loop.time()
            try:
                told |= await self._look()
                if self.board.viewers and (told or looked - published > ANYWAY_AFTER_S):
                    self.frames.publish(await self._in_thread(self._read))
                    published = looked
            except (DatabaseError, NotFound) as error:
                log.warning("no snapshot: %s", type(error).__name__)
                self.frames.publish({True: TROUBLE, False: TROUBLE})
                self._mark = ()

    async def _told_within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _look(self) -> bool:
        """Whether something happened that nobody told us of: a switchboard that does a
        thing itself notifies nobody."""
        mark = await self._in_thread(wallboard.change_mark)
        before, self._mark = self._mark, mark
        if before and before[1:] != mark[1:]:
            for viewer in self.desks.viewers:
                viewer.tell("call_backs", self.version())
        return before != mark

    def _read(self) -> dict[bool, bytes]:
        """Read once and serialised once for those who see names and those who don't."""
        now = self._clock.now()
        seen = latest(now, at_least=now)
        nameless = wallboard.without_names(seen)
        return {
            True: event("board", wallboard.as_json(seen)),
            False: event("board", wallboard.as_json(nameless)),
        }

    async def _watch_viewers(self) -> None:
        """Ends the streams of the slow at once, of the signed-out within a minute."""
        loop = asyncio.get_running_loop()
        checked = loop.time()
        while True:
            await asyncio.sleep(1.0)
            for room in (self.board, self.desks):
                room.drop_slow(now=loop.time())
            if loop.time() - checked > SEATS_EVERY_S:
                checked = loop.time()
                await self._check_seats()

    async def _check_seats(self) -> None:
        viewers = [(room, one) for room in (self.board, self.desks) for one in room.viewers]
        now = self._clock.now()
        for first in range(0, len(viewers), 200):
            some = viewers[first : first + 200]
            keys = {viewer.session for _, viewer in some}
            try:
                users = await self._in_thread(partial(signed_in, keys, now=now))
            except DatabaseError:
                return  # nobody can have signed out meanwhile
            for room, viewer in some:
                user = users.get(viewer.session)
                if user is None or user.pk != viewer.user or user.role != viewer.role:
                    room.drop(viewer)

    async def _sign_of_life(self) -> None:
        node = socket.gethostname()
        while True:
            try:
                await self._in_thread(
                    lambda: beat(process=PROCESS, node=node, now=self._clock.now())
                )
            except DatabaseError as error:
                log.warning("no sign of life: %s", type(error).__name__)
            await asyncio.sleep(BEAT_S)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        def guarded() -> T:
            close_old_connections()
            try:
                return work()
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._threads, guarded)


live = Live()
