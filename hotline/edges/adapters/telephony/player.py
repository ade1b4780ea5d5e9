"""What the caller hears. There is no dead air, whoever dies.

Everything that is played ends in music, and the music goes on without us: if the
switchboard dies, the caller waits with music until it is back. What comes next is queued
first and only then is the present piece stopped, so that nothing lies between them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hotline.edges.adapters.telephony.ari.client import (
    Ari,
    Command,
    answering,
    playing,
    recording,
    stopping,
)

MUSIC_TIMES = 4
"""The music is five minutes long; a switchboard that is away for longer does not come back to
this call, and the dialplan's hard maximum ends it."""
RING = 8
"""A channel's playbacks take their ids in turn, so that a switchboard that comes back can
ask for each. At most three are alive at once."""


@dataclass(frozen=True)
class Rest:
    """What stands behind everything that is said, as media URIs; when it begins, what was
    to be said has ended."""

    quiet: str
    music: str

    def has(self, media: str) -> bool:
        return media in (self.quiet, self.music)

    def may_stand_in(self, text: bytes) -> bool:
        """Whether a message names one of them; by the files' names alone, for folders may have
        letters that are written otherwise in a message."""
        return any(name in text for name in self._names)

    @cached_property
    def _names(self) -> tuple[bytes, ...]:
        return tuple(media.rpartition("/")[2].encode() for media in (self.quiet, self.music))


class Player:
    """Every method raises AriError."""

    def __init__(self, ari: Ari, channel: str, *, rest: Rest) -> None:
        self._ari = ari
        self._channel = channel
        self.rest = rest
        self._alive: list[str] = []
        self._last = 0
        self._unanswered = False

    def answer_first(self) -> None:
        """The channel may still ring: it is answered together with the first that sounds on
        it, so that who waits for us until then hears that it rings."""
        self._unanswered = True

    async def play(self, media: Sequence[str]) -> str:
        """``media``, then quiet for a while, then music, in place of what sounds now.
        Returns the playback's id; ``rest`` tells the moment when ``media`` has ended."""
        return await self._replace([*media, self.rest.quiet, *self._music])

    async def play_to_music(self, media: Sequence[str]) -> str:
        """``media``, then music at once, in place of what sounds now."""
        return await self._replace([*media, *self._music])

    async def wait_with_music(self) -> str:
        """Music at once, in place of what sounds now."""
        return await self._replace(self._music)

    async def play_before(
        self, media: Sequence[str], name: str, most_s: int, silence_s: int
    ) -> str:
        """``media``, then the recording ``name``, then music, in place of what sounds now.
        Returns the id of ``media``'s playback; nothing is played before where it is empty."""
        before, prompt, music = self._alive, self._next_id(), self._next_id()
        words = [playing(self._channel, media, playback=prompt)] if media else []
        await self._do(
            *words,
            recording(self._channel, name=name, most_s=most_s, silence_s=silence_s),
            playing(self._channel, self._music, playback=music),
            *_stopping(before),
        )
        self._alive = [prompt, music] if media else [music]
        return prompt

    @property
    def alive(self) -> tuple[str, ...]:
        """The playbacks that sound or wait for their turn."""
        return tuple(self._alive)

    def has_ended(self, playback: str) -> None:
        """Asterisk has said so: it need not be stopped any more."""
        if playback in self._alive:
            self._alive.remove(playback)

    @property
    def _music(self) -> list[str]:
        return [self.rest.music] * MUSIC_TIMES

    async def stop(self, playback: str) -> None:
        await self._ari.stop_playback(playback)

    async def find(self) -> None:
        """Learn what another switchboard left playing or waiting on the channel. Where anything
        sounds, it was answered; Asterisk would do so again only once all that has ended, and do
        nothing else until then."""
        ids = [self._id(number) for number in range(RING)]
        alive = await asyncio.gather(*(self._ari.is_playing(id_) for id_ in ids))
        self._alive = [id_ for id_, plays in zip(ids, alive, strict=True) if plays]
        self._unanswered &= not self._alive

    async def be_silent(self) -> None:
        """Stop everything: somebody else takes the channel."""
        stopped, self._alive = self._alive, []
        if stopped or self._unanswered:
            await self._do(*_stopping(stopped))

    async def _replace(self, media: Sequence[str]) -> str:
        before, playback = self._alive, self._next_id()
        await self._do(playing(self._channel, media, playback=playback), *_stopping(before))
        self._alive = [playback]
        return playback

    async def _do(self, *commands: Command) -> None:
        first = (answering(self._channel),) if self._unanswered else ()
        self._unanswered = False
        await self._ari.do(*first, *commands)

    def _next_id(self) -> str:
        while True:
            self._last = (self._last + 1) % RING
            if (playback := self._id(self._last)) not in self._alive:
                return playback

    def _id(self, number: int) -> str:
        return f"{self._channel}-{number}"


def _stopping(playbacks: Sequence[str]) -> list[Command]:
    """Backwards: what waits behind is gone before what sounds now makes room for it."""
    return [stopping(playback) for playback in reversed(playbacks)]
