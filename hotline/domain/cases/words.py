"""What people write to a case: cleaned, never empty, never endless."""

from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.dialogue.reading import clean_text

MOST_WORDS = 10_000


def require_words(words: str) -> str:
    """The words, cleaned. Raises Refusal ``empty_text`` or ``text_too_long``."""
    text = clean_text(words)
    if not text:
        raise Refusal("empty_text", gettext_noop("Please write something first."))
    if len(text) > MOST_WORDS:
        raise Refusal(
            "text_too_long",
            gettext_noop("This is longer than 10,000 characters. Please shorten it."),
        )
    return text
