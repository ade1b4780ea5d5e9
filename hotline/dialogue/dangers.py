"""Words that mean danger to a life."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hotline.core.vietnamese import accented, fold, nfc

_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """``words`` as the city wrote them, ``number`` whom to call."""

    words: str
    number: str


def dangers_in(text: str, dangers: Mapping[str, Iterable[str]]) -> tuple[Found, ...]:
    """What of ``dangers`` (words by number) stands in the text, as whole words in their order.

    A word that was typed without any mark fits whatever its marks would be: people in need do
    not type them. One with marks must have the right ones, else ``chạy`` (run) would be a
    fire and ``từ từ`` (slowly) a suicide. Where in the word the tone is typed does not matter.
    """
    spoken = [accented(word) for word in _words(text)]
    return tuple(
        Found(words, number)
        for number, all_words in dangers.items()
        for words in all_words
        if _stands_in(spoken, [{accented(word), fold(word)} for word in _words(words)])
    )


def _words(text: str) -> list[str]:
    return _WORDS.findall(nfc(text))


def _stands_in(spoken: Sequence[str], wanted: Sequence[Collection[str]]) -> bool:
    """``wanted``: how each word may be written."""
    length = len(wanted)
    return length > 0 and any(
        all(said in written for said, written in zip(spoken[at:], wanted, strict=False))
        for at in range(len(spoken) - length + 1)
    )
