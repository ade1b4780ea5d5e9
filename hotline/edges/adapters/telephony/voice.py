"""From words to what Asterisk plays."""

import asyncio
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from hotline.core.errors import AdapterError
from hotline.dialogue.exchange import Digits, Part, Words
from hotline.domain.calls.ports import TextToSpeech
from hotline.edges.adapters.telephony.player import Rest

log = logging.getLogger(__name__)

SEEN_S = 60.0
"""For how long files that were seen are not looked for again: a call names hundreds."""
SEEN_MOST = 5000
DIGITS_TOGETHER = 2
"""Digits in one piece: 110 pieces a language say every number and are soon all known. Of
threes there are a thousand, and looking for them costs more than they save."""


@dataclass(frozen=True, slots=True)
class Tone:
    """“Speak now”: before a recording."""


Run = tuple[Part | Tone, ...]
"""What is looked for as one: sentences that follow each other, or a few single digits."""


class Media(NamedTuple):
    """``uris`` in order; ``lasts_s``: how many seconds they sound."""

    uris: tuple[str, ...]
    lasts_s: float


class Voice:
    """Prompts are made ahead when a city is published; one that is missing is made now,
    beside the event loop. Runs of prompts are played as one piece."""

    def __init__(self, speech: TextToSpeech) -> None:
        self._speech = speech
        self.rest = Rest("", "")
        self.beep = ""
        self._seen: dict[tuple[str, Run], tuple[float, Media]] = {}

    def prepare(self) -> None:
        """Find what every call needs: without it no call is taken. Raises AdapterError."""
        self.rest = Rest(_uri(self._speech.fixed("quiet")), _uri(self._speech.fixed("music")))
        self.beep = _uri(self._speech.fixed("beep"))

    async def media(self, language: str, parts: Sequence[Part], *, tone: bool = False) -> Media:
        """The parts in order, with the tone before a recording behind them. A prompt that cannot
        be made is left out and said in the log: a question without its last words is better
        than no question."""
        now = monotonic()
        runs = _runs_of((*parts, Tone()) if tone else tuple(parts))
        found = [self._known(language, run, now=now) for run in runs]
        if None in found:
            found = await asyncio.to_thread(self._look_up, language, runs, now)
        there = [media for media in found if media is not None]
        return Media(
            tuple(uri for media in there for uri in media.uris),
            sum(media.lasts_s for media in there),
        )

    def _known(self, language: str, run: Run, *, now: float) -> Media | None:
        """A run whose files were there a moment ago is there now."""
        at, media = self._seen.get((language, run), (-math.inf, None))
        return media if now - at < SEEN_S else None

    def _look_up(self, language: str, runs: Sequence[Run], now: float) -> list[Media | None]:
        if len(self._seen) > SEEN_MOST:
            self._seen.clear()
        return [self._known(language, run, now=now) or self._find(language, run) for run in runs]

    def _find(self, language: str, run: Run) -> Media:
        at = monotonic()
        prompts = [self._prompt(language, part) for part in run]
        there = [prompt for prompt in prompts if prompt is not None]
        together = self._speech.together(there)
        media = Media(
            tuple(_uri(prompt) for prompt in together),
            sum(self._speech.lasts_s(prompt) for prompt in together),
        )
        if len(there) == len(run):
            self._seen[language, run] = at, media
        return media

    def _prompt(self, language: str, part: Part | Tone) -> Path | None:
        try:
            match part:
                case Words(text):
                    return self._speech.path(language, text)
                case Digits(digit):
                    return self._speech.digit(language, digit)
            return self._speech.fixed("beep")
        except AdapterError as error:
            log.error("a prompt is missing: %s", error)
            return None


@lru_cache(maxsize=1024)
def _runs_of(parts: tuple[Part | Tone, ...]) -> tuple[Run, ...]:
    """Kept, for a question is asked of everybody in the same words."""
    return tuple(_runs(parts))


def _runs(parts: Sequence[Part | Tone]) -> Iterator[Run]:
    """Whatever is not digits in one; digits in pairs, and what remains of them."""
    for are_digits, run in groupby(parts, lambda part: isinstance(part, Digits)):
        if not are_digits:
            yield tuple(run)
            continue
        for part in run:
            digits = [Digits(digit) for digit in part.digits] if isinstance(part, Digits) else []
            for start in range(0, len(digits), DIGITS_TOGETHER):
                yield tuple(digits[start : start + DIGITS_TOGETHER])


def _uri(prompt: Path) -> str:
    return f"sound:{prompt}"
