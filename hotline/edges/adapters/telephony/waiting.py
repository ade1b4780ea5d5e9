"""Somebody on the line who waits for a person, or speaks with one.

The call's driver has the caller's channel while they wait: it plays music and words and takes
keys. To be put through, the channel is lent to the exchange, which gives it back when the
talk breaks off. Both agree on who has it under one lock.
"""

import asyncio
import logging
import math
from collections.abc import Sequence
from uuid import UUID

from hotline.dialogue.exchange import (
    Announced,
    Event,
    Keys,
    Part,
    Served,
    ToCallbot,
    Wait,
)
from hotline.dialogue.phrases import Speaker
from hotline.dialogue.script import Book
from hotline.dialogue.waiting import waiting_words
from hotline.domain.queue.seats import Seat
from hotline.edges.adapters.telephony.ari.events import KeyPressed, PlaybackOver
from hotline.edges.adapters.telephony.keys import LONGEST_PROMPT_S
from hotline.edges.adapters.telephony.line import Line
from hotline.edges.adapters.telephony.player import Player
from hotline.edges.adapters.telephony.voice import Voice
from hotline.usecases.turn import Turn

log = logging.getLogger(__name__)

PLACE_KNOWN_AFTER_S = 1.0
"""Whose place is not known within this time hears words without it."""
MUSIC_AFTER_S = 0.4
"""Mostly the place is known at once, and its words follow what sounded before; whoever waits
for longer hears music meanwhile."""
STOPS_WITHIN_S = 0.5
CALL_BACK = "call_back"
"""What the queue says instead of a reason where a branch only calls back."""
IN_LINE = frozenset({"waiting", "offered"})
_CAME_BACK = {"talking": "line_lost", "outside": "back_in_queue"}


class Waiter:
    """``lent``: the channel is the exchange's. ``talk`` is the offer that they speak by;
    ``outside``: they speak with a line outside, to which an operator has brought them."""

    def __init__(self, line: Line, player: Player, *, speaker: Speaker, lent: bool) -> None:
        self.lent = lent
        self.speaker = speaker
        self.talk: UUID | None = None
        self.outside = False
        self._line = line
        self._player = player
        self._lock = asyncio.Lock()
        self._stopping: set[str] = set()
        self._silent = asyncio.Event()

    async def lend(self) -> bool:
        """Silence on the channel, and hands off; False if the caller does not wait any more.
        Raises AriError."""
        async with self._lock:
            if self._line.gone or self._line.waiter is not self:
                return False
            if not self.lent:
                self.lent = True
                self._stopping = set(self._line.playing)
                self._silent.clear()
                await self._player.be_silent()
                if self._stopping:
                    await self._has_stopped()
            return True

    async def give_back(self) -> None:
        """Music again at once. Raises AriError."""
        async with self._lock:
            if self.lent and not self._line.gone:
                await self._player.wait_with_music()
            self.lent = False
        self._line.wake()

    async def play(self, media: Sequence[str]) -> str | None:
        """``media``, then music, unless the channel is lent: then None. The id of what is played
        first. Raises AriError."""
        async with self._lock:
            return None if self.lent else await self._player.play_to_music(media)

    async def end(self) -> bool:
        """The driver goes on with something else; False while the channel is lent."""
        async with self._lock:
            if self.lent:
                return False
            self._line.waiter = None
            return True

    def has_ended(self, playback: str) -> None:
        """Asterisk says so."""
        self._stopping.discard(playback)
        if not self._stopping:
            self._silent.set()

    async def _has_stopped(self) -> None:
        # Asterisk does nothing else while a channel that must join a bridge is still playing
        try:
            async with asyncio.timeout(STOPS_WITHIN_S):
                await self._silent.wait()
        except TimeoutError:
            log.warning("a playback did not say that it ended")


class Waiting:
    """The driver's part: from the beginning of the wait to the one event that ends it."""

    def __init__(
        self, line: Line, waiter: Waiter, voice: Voice, turn: Turn, book: Book, wait: Wait
    ) -> None:
        self._line = line
        self._waiter = waiter
        self._voice = voice
        self._turn = turn
        self._book = book
        self._wait = wait
        self._state = ""
        self._first = True
        self._came_back: str | None = None
        self._music_at = math.inf

    async def run(self, said: Sequence[Part]) -> Event:
        """Raises HungUp, AriError."""
        clock = asyncio.get_running_loop().time
        media = await self._voice.media(self._turn.language, tuple(said))
        opening = await self._waiter.play(media.uris) if media.uris else None
        words_at = clock() + (LONGEST_PROMPT_S if opening else PLACE_KNOWN_AFTER_S)
        self._music_at = math.inf if opening else clock() + MUSIC_AFTER_S
        while True:
            level = self._line.level_since(self._line.since)
            if level is not None:
                decided = self._decide(level.seat)
                if decided is not None and await self._waiter.end():
                    return decided
                if self._notice(level.seat) and not opening:
                    words_at = clock()
            if clock() >= words_at:
                await self._say(level.seat if level is not None else None)
                opening, words_at = None, clock() + max(5, self._wait.every_s)
            await self._play_music_in_time(clock())
            match await self._line.next(until=min(words_at, self._music_at)):
                case KeyPressed(digit=digit) if digit in self._wait.keys and self._in_line:
                    if await self._waiter.end():
                        return Keys(digit)
                case PlaybackOver(playback=known) if known == opening:
                    opening, words_at = None, clock()

    async def _play_music_in_time(self, now: float) -> None:
        """Once, if nothing was said that has music behind it."""
        if now >= self._music_at:
            self._music_at = math.inf
            await self._waiter.play(())

    @property
    def _in_line(self) -> bool:
        return self._state in IN_LINE or not self._state

    def _decide(self, seat: Seat | None) -> Event | None:
        if seat is None:  # the queue has done with them
            self._waiter.lent = False
            return Served()
        if seat.state == "waiting" and seat.announce:
            return Announced()
        if seat.state == "waiting" and seat.to_bot == CALL_BACK:
            return Keys(self._wait.keys[0])
        if seat.state == "waiting" and seat.to_bot:
            return ToCallbot(seat.to_bot)
        if seat.state == "outside" and seat.leg is None:
            self._waiter.lent = False
            return Served()
        return None

    def _notice(self, seat: Seat | None) -> bool:
        """Whether words are due because of what is new."""
        before, self._state = self._state, seat.state if seat is not None else ""
        leg = seat.leg if seat is not None and self._state == "outside" else None
        self._waiter.outside = leg is not None and leg.state == "up"
        if self._state in IN_LINE or self._state == "outside":
            self._waiter.talk = None
        elif seat is not None and self._state == "talking" and seat.offer is not None:
            self._waiter.talk = seat.offer.id
        if self._first and self._state in IN_LINE:
            return True
        self._came_back = _CAME_BACK.get(before) if self._state == "waiting" else None
        return self._came_back is not None

    async def _say(self, seat: Seat | None) -> None:
        if self._waiter.lent or not self._in_line:
            return
        state = self._turn.state
        words = waiting_words(
            state,
            self._book,
            position=seat.position if seat is not None else None,
            wait_s=seat.wait_s if seat is not None else None,
        )
        if seat is not None and seat.state == "offered":
            words = words[:1] if self._first else ()
        if self._came_back is not None:
            words = (self._waiter.speaker.phrase(self._came_back), *words)
            self._came_back = None
        self._first = False
        if words:
            self._music_at = math.inf
            media = await self._voice.media(self._turn.language, words)
            await self._waiter.play(media.uris)
