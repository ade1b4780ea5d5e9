"""What somebody hears while they wait for an operator."""

import math

from hotline.dialogue.exchange import Digits, Part
from hotline.dialogue.persons import line_of
from hotline.dialogue.questions import speaker_of
from hotline.dialogue.script import Book
from hotline.dialogue.state import State

LONGEST_MIN = 30
"""A longer wait is said to be longer than this: nobody knows it better."""


def waiting_words(
    state: State, book: Book, *, position: int | None, wait_s: int | None
) -> tuple[Part, ...]:
    """The place (1 is next), the expected wait in whole minutes, the branch's own words, and
    how to leave the queue by a key."""
    speaker = speaker_of(state, book)
    line = line_of(state, book)
    parts: list[Part] = [speaker.phrase("queue_wait")]
    if position == 1:
        parts.append(speaker.phrase("queue_next"))
    elif position is not None:
        parts += [speaker.phrase("queue_position"), Digits(str(position))]
    if wait_s is not None and position is not None:
        minutes = max(1, math.ceil(wait_s / 60))
        if minutes > LONGEST_MIN:
            parts.append(speaker.phrase("queue_long"))
        else:
            minutes_word = speaker.phrase("queue_minutes")
            parts += [speaker.phrase("queue_about"), Digits(str(minutes)), minutes_word]
    if line is not None and line.waiting_words is not None:
        parts.append(speaker.words(line.waiting_words))
    return (*parts, speaker.phrase("queue_keys"))
