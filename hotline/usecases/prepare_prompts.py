"""Everything that the voice of a city says exists as sound before anybody calls."""

from collections.abc import Callable
from pathlib import Path

from django.utils.translation import override

from hotline.dialogue.phrases import FIXED, phrase
from hotline.dialogue.script import Channel
from hotline.dialogue.spoken import spoken_texts
from hotline.domain.calls.ports import text_to_speech
from hotline.domain.cases.models import Stage
from hotline.domain.cases.stages import said
from hotline.domain.city.model import City


def prepare_prompts(
    *, city: City, folder: Path, progress: Callable[[int, int], None] | None = None
) -> int:
    """How many prompts were made; ``folder`` is the city's, whose recordings come first.
    Raises AdapterError."""
    main = city.languages[0]
    fixed = {
        name: (main, phrase(name, menu=city.menu, language=main, channel=Channel.VOICE))
        for name in FIXED
    }
    recordings = {said: folder / "prompts" / file for said, file in city.recorded().items()}
    return text_to_speech().prepare(
        texts=spoken_texts(city.book, city.languages) | _stages(city),
        fixed=fixed,
        voices={language: city.voices.get(language, "") for language in city.languages},
        recordings=recordings,
        progress=progress,
    )


def _stages(city: City) -> frozenset[tuple[str, str]]:
    """Where a known case stands is said to whoever calls again."""
    texts: set[tuple[str, str]] = set()
    for language in city.languages:
        with override(language):
            texts.update((language, said(stage)) for stage in Stage)
    return frozenset(texts)
