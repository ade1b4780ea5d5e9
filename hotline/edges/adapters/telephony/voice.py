"""From words to what Asterisk plays."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from hotline.core.errors import AdapterError
from hotline.dialogue.exchange import Part, Words
from hotline.domain.calls.ports import TextToSpeech

log = logging.getLogger(__name__)


class Voice:
    """Prompts are made ahead when a city is published; one that is missing is made now,
    beside the event loop."""

    def __init__(self, speech: TextToSpeech) -> None:
        self._speech = speech
        self.quiet = self.music = self.beep = ""

    def prepare(self) -> None:
        """Find what every call needs: without it no call is taken. Raises AdapterError."""
        self.quiet = _uri(self._speech.fixed("quiet"))
        self.music = _uri(self._speech.fixed("music"))
        self.beep = _uri(self._speech.fixed("beep"))

    async def media(self, language: str, parts: Sequence[Part]) -> list[str]:
        """The URIs of the parts in order. A prompt that cannot be made is left out and said
        in the log: a question without its last words is better than no question."""
        return await asyncio.to_thread(self._look_up, language, parts)

    def _look_up(self, language: str, parts: Sequence[Part]) -> list[str]:
        media: list[str] = []
        for part in parts:
            try:
                if isinstance(part, Words):
                    media.append(_uri(self._speech.path(language, part.text)))
                else:
                    media += [_uri(self._speech.digit(language, one)) for one in part.digits]
            except AdapterError as error:
                log.error("a prompt is missing: %s", error)
        return media


def _uri(prompt: Path) -> str:
    return f"sound:{prompt}"
