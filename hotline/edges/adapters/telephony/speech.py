"""Words said into a talk: only those hear them on whose channels they are played."""

from collections.abc import Mapping, Sequence

from hotline.dialogue.exchange import Part
from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.ari.client import GONE, Ari
from hotline.edges.adapters.telephony.line import Line
from hotline.edges.adapters.telephony.voice import Voice


class Speech:
    """``lines`` are the callers' by channel; a call that has a waiter knows its language."""

    def __init__(self, ari: Ari, voice: Voice, lines: Mapping[str, Line]) -> None:
        self._ari = ari
        self._voice = voice
        self._lines = lines

    def phrase(self, caller: str | None, key: str) -> tuple[Part, ...]:
        """The phrase in the caller's language; nothing where there is no caller."""
        line = self._lines.get(caller or "")
        waiter = line.waiter if line is not None else None
        return (waiter.speaker.phrase(key),) if waiter is not None else ()

    async def say(
        self, channels: Sequence[str], words: Sequence[Part], caller: str | None, *, name: str
    ) -> bool:
        """False if nobody is there to hear it. ``name`` names the playback. Raises AriError."""
        line = self._lines.get(caller or "")
        if line is None or line.waiter is None or not words:
            return False
        media = await self._voice.media(line.waiter.speaker.language, words)
        for channel in channels:
            await self.play(channel, media.uris, name=name)
        return True

    async def beep(self, channel: str, *, name: str) -> None:
        """The tone that tells an operator that somebody is on the line."""
        await self.play(channel, [self._voice.beep], name=name)

    async def play(self, channel: str, media: Sequence[str], *, name: str) -> None:
        try:
            await self._ari.play(channel, media, playback=f"{name}-{channel}")
        except AriError as error:
            if error.status not in GONE:
                raise
