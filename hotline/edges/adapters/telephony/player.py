"""What the caller hears. There is no dead air, whoever dies.

Behind everything that is said stands music, and it goes on without us: if the switchboard dies,
the caller waits with music until it is back. What comes next is queued first and only then is the
present piece stopped, so that nothing lies between them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from hotline.edges.adapters.telephony.ari.client import (
    Ari,
    Command,
    answering,
    playing,
    recording,
    stopping,
)
from hotline.edges.adapters.telephony.line import Line

MUSIC_TIMES = 4
"""The music is five minutes long; a switchboard that is away for longer does not come back to
this call, and the dialplan's hard maximum ends it."""
RING = 8
"""A channel's playbacks take their ids in turn, so that a switchboard that comes back can
ask for each. At most four are alive at once."""


@dataclass(frozen=True)
class Rest:
    """What stands behind everything that is said, as media URIs."""

    quiet: str
    music: str


class Player:
    """What sounds on a line. Every method raises AriError."""

    def __init__(self, ari: Ari, line: Line, *, rest: Rest) -> None:
        self._ari = ari
        self._line = line
        self._channel = line.channel
        self._quiet = [rest.quiet, *[rest.music] * MUSIC_TIMES]
        self._music = self._quiet[1:]
        self._last = 0
        self._unanswered = False

    def answer_first(self) -> None:
        """The channel may still ring: it is answered together with the first that sounds on
        it, so that who waits for us until then hears that it rings."""
        self._unanswered = True

    async def ask(self, media: Sequence[str]) -> str:
        """``media``, quiet for a while and music, in place of what sounds now: all in one, since
        its length says when ``media`` has ended, near enough for a question. Returns the
        playback's id."""
        return await self._replace([*media, *self._quiet])

    async def say(self, media: Sequence[str]) -> str:
        """``media``, then quiet for a while, then music, in place of what sounds now. Returns
        the id of ``media``'s playback, whose end Asterisk tells."""
        return await self._replace(media, self._quiet)

    async def play_to_music(self, media: Sequence[str]) -> str:
        """``media``, then music at once, in place of what sounds now. Returns the id of
        ``media``'s playback."""
        return await self._replace(media, self._music)

    async def wait_with_music(self) -> str:
        """Music at once, in place of what sounds now."""
        return await self._replace(self._music)

    async def play_before(
        self, media: Sequence[str], name: str, most_s: int, silence_s: int
    ) -> str:
        """``media``, then the recording ``name``, then music, in place of what sounds now.
        Returns the id of ``media``'s playback; nothing is played before where it is empty."""
        record = recording(self._channel, name=name, most_s=most_s, silence_s=silence_s)
        return await self._replace(media, self._music, between=record)

    async def stop(self, playback: str) -> None:
        await self._ari.stop_playback(playback)

    async def find(self) -> None:
        """Learn what another switchboard left playing or waiting on the channel. Where anything
        sounds, it was answered; Asterisk would do so again only once all that has ended, and do
        nothing else until then."""
        ids = [self._id(number) for number in range(RING)]
        alive = await asyncio.gather(*(self._ari.is_playing(id_) for id_ in ids))
        self._line.playing = [id_ for id_, plays in zip(ids, alive, strict=True) if plays]
        self._unanswered &= not self._line.playing

    async def be_silent(self) -> None:
        """Stop everything: somebody else takes the channel."""
        stopped, self._line.playing = self._line.playing, []
        if stopped or self._unanswered:
            await self._do(*_stopping(stopped))

    async def _replace(self, *wanted: Sequence[str], between: Command | None = None) -> str:
        """Each of ``wanted`` in a playback of its own, in place of what sounds now. Returns the
        first one's id."""
        before = tuple(self._line.playing)
        there = [media for media in wanted if media]
        ids = [self._next_id() for _media in there]
        commands = [
            playing(self._channel, media, playback=id_)
            for media, id_ in zip(there, ids, strict=True)
        ]
        if between is not None:
            commands.insert(len(commands) - 1, between)
        # what is short may be over before Asterisk's answers are read
        self._line.playing = [*before, *ids]
        await self._do(*commands, *_stopping(before))
        self._line.playing = [id_ for id_ in self._line.playing if id_ not in before]
        return ids[0]

    async def _do(self, *commands: Command) -> None:
        first = (answering(self._channel),) if self._unanswered else ()
        self._unanswered = False
        await self._ari.do(*first, *commands)

    def _next_id(self) -> str:
        while True:
            self._last = (self._last + 1) % RING
            if (playback := self._id(self._last)) not in self._line.playing:
                return playback

    def _id(self, number: int) -> str:
        return f"{self._channel}-{number}"


def _stopping(playbacks: Sequence[str]) -> list[Command]:
    """Backwards: what waits behind is gone before what sounds now makes room for it."""
    return [stopping(playback) for playback in reversed(playbacks)]
