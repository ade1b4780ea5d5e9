"""What calls need from outside: a voice. Found by the settings path ``TEXT_TO_SPEECH``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class TextToSpeech(Protocol):
    """Turns texts into prompts that Asterisk can play, once per text.

    A prompt is a path without extension; beside it lie ``.wav`` (8 kHz, mono, 16 bit),
    ``.ulaw`` and ``.alaw``. Every method raises ``core.errors.AdapterError`` when the voice
    cannot be had.
    """

    def prepare(
        self,
        *,
        texts: Iterable[tuple[str, str]],
        fixed: Mapping[str, tuple[str, str]],
        voices: Mapping[str, str],
        recordings: Mapping[tuple[str, str], Path],
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Everything that a city says: its texts, the prompts that the dialplan knows by
        name, its voice by language, its own recordings (WAV files) by text; returns how many
        were made. ``progress`` is told (done, all). Raises AdapterError also for a recording
        that cannot be read."""
        ...

    def ensure(self, texts: Iterable[tuple[str, str]]) -> int:
        """Renders what is missing of (language, text) pairs; returns how many were rendered."""
        ...

    def path(self, language: str, text: str) -> Path:
        """The prompt of one text, rendered at once if it is missing."""
        ...

    def digit(self, language: str, digit: str) -> Path:
        """The prompt of one digit, 0–9."""
        ...

    def fixed(self, name: str) -> Path:
        """A prompt that the dialplan knows by name: missed, missed-number, missed-thanks,
        moment, sorry (once ``prepare`` gave their words), beep, quiet, music."""
        ...

    def lasts_s(self, prompt: Path) -> float:
        """How many seconds it sounds; 0.0 if it is not there. Never fails."""
        ...

    def together(self, prompts: Sequence[Path]) -> list[Path]:
        """The same sound in as few prompts as can be: what is said again and again is kept
        in one piece; the rest, and what cannot be kept, comes back as it is. Never fails."""
        ...


@cache
def text_to_speech() -> TextToSpeech:
    """The voice that the settings name."""
    voice: TextToSpeech = import_string(settings.TEXT_TO_SPEECH)()
    return voice
