"""Words that mean danger to a life."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotline.core.vietnamese import fold

_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """``words`` as the city wrote them, ``number`` whom to call."""

    words: str
    number: str


def dangers_in(text: str, dangers: Mapping[str, Iterable[str]]) -> tuple[Found, ...]:
    """What of ``dangers`` (words by number) stands in the text, as whole words, whatever the
    accents: people in need do not type them."""
    spoken = _folded(text)
    return tuple(
        Found(words, number)
        for number, all_words in dangers.items()
        for words in all_words
        if f" {_folded(words).strip()} " in spoken
    )


def _folded(text: str) -> str:
    return f" {' '.join(_WORDS.findall(fold(text)))} "
