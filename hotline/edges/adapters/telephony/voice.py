"""From words to what Asterisk plays."""

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path

from hotline.core.errors import AdapterError
from hotline.dialogue.exchange import Part, Words
from hotline.domain.calls.ports import TextToSpeech

log = logging.getLogger(__name__)


class Voice:
    """Prompts are made ahead when a city is published; one that is missing is made now,
    beside the event loop, while the caller hears music."""

    def __init__(self, speech: TextToSpeech) -> None:
        self._speech = speech
        self._known: dict[tuple[str, Part], list[str]] = {}
        self.quiet = self.music = self.beep = ""

    def prepare(self) -> None:
        """Find what every call needs: without it no call is taken. Raises AdapterError."""
        self.quiet = _uri(self._speech.fixed("quiet"))
        self.music = _uri(self._speech.fixed("music"))
        self.beep = _uri(self._speech.fixed("beep"))

    async def media(self, language: str, parts: Iterable[Part]) -> list[str]:
        """The URIs of the parts in order. A prompt that cannot be made is left out and said
        in the log: a question without its last words is better than no question."""
        media: list[str] = []
        for part in parts:
            try:
                media += await self._of(language, part)
            except AdapterError as error:
                log.error("a prompt is missing: %s", error)
        return media

    def forget(self) -> None:
        """Look every prompt up again: one that was there could not be played."""
        self._known.clear()

    async def _of(self, language: str, part: Part) -> list[str]:
        known = self._known.get((language, part))
        if known is None:
            known = await asyncio.to_thread(self._look_up, language, part)
            self._known[language, part] = known
        return known

    def _look_up(self, language: str, part: Part) -> list[str]:
        if isinstance(part, Words):
            return [_uri(self._speech.path(language, part.text))]
        return [_uri(self._speech.digit(language, digit)) for digit in part.digits]


def _uri(prompt: Path) -> str:
    return f"sound:{prompt}"
