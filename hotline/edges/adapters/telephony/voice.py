"""From words to what Asterisk plays."""

import asyncio
import logging
import math
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from hotline.core.errors import AdapterError
from hotline.dialogue.exchange import Part, Words
from hotline.domain.calls.ports import TextToSpeech

log = logging.getLogger(__name__)

SEEN_S = 60.0
"""For how long a file that was seen is not looked for again: a call names hundreds."""
SEEN_MOST = 5000


class Voice:
    """Prompts are made ahead when a city is published; one that is missing is made now,
    beside the event loop."""

    def __init__(self, speech: TextToSpeech) -> None:
        self._speech = speech
        self.quiet = self.music = self.beep = ""
        self._seen: dict[tuple[str, type[Part], str], tuple[float, str]] = {}

    def prepare(self) -> None:
        """Find what every call needs: without it no call is taken. Raises AdapterError."""
        self.quiet = _uri(self._speech.fixed("quiet"))
        self.music = _uri(self._speech.fixed("music"))
        self.beep = _uri(self._speech.fixed("beep"))

    def is_rest(self, media: str) -> bool:
        """Whether this is a piece that stands behind what was to be said."""
        return media in (self.quiet, self.music)

    async def media(self, language: str, parts: Sequence[Part]) -> list[str]:
        """The URIs of the parts in order. A prompt that cannot be made is left out and said
        in the log: a question without its last words is better than no question."""
        texts = [(language, part, text) for part in parts for text in _texts(part)]
        now = monotonic()
        found = [self._known(*text, now=now) for text in texts]
        if None not in found:
            return [uri for uri in found if uri is not None]
        looked_up = await asyncio.to_thread(self._look_up, texts)
        for text, uri in zip(texts, looked_up, strict=True):
            if uri is not None:
                self._seen[language, type(text[1]), text[2]] = now, uri
        return [uri for uri in looked_up if uri is not None]

    def _known(self, language: str, part: Part, text: str, *, now: float) -> str | None:
        """A prompt whose file was there a moment ago is there now."""
        at, uri = self._seen.get((language, type(part), text), (-math.inf, ""))
        return uri if now - at < SEEN_S else None

    def _look_up(self, texts: Sequence[tuple[str, Part, str]]) -> list[str | None]:
        if len(self._seen) > SEEN_MOST:
            self._seen.clear()
        return [self._find(*text) for text in texts]

    def _find(self, language: str, part: Part, text: str) -> str | None:
        try:
            if isinstance(part, Words):
                return _uri(self._speech.path(language, text))
            return _uri(self._speech.digit(language, text))
        except AdapterError as error:
            log.error("a prompt is missing: %s", error)
            return None


def _texts(part: Part) -> Sequence[str]:
    """A sentence, or digits one by one."""
    return (part.text,) if isinstance(part, Words) else part.digits


def _uri(prompt: Path) -> str:
    return f"sound:{prompt}"
