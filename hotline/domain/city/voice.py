"""What the voice says of a wording."""

import re
from collections.abc import Iterable, Iterator

from hotline.dialogue.script import Channel, Wording, words


def voice_text(wording: Wording, language: str) -> str | None:
    """None where the words are missing, which the check of words has said."""
    if language not in wording:
        return None
    try:
        return words(wording, language=language, channel=Channel.VOICE)
    except KeyError:
        return None


def forgotten(
    wording: Wording, digits: Iterable[str], languages: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """(language, digit) for each key that the voice's words do not name."""
    wanted = list(digits)
    for language in languages:
        text = voice_text(wording, language)
        if text is None:
            continue
        for digit in wanted:
            if digit and not re.search(rf"(?<!\d){re.escape(digit)}(?!\d)", text):
                yield language, digit
