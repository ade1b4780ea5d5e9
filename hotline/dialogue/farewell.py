"""What is said last: the code, what happens next and by when, and goodbye."""

from hotline.dialogue import phones
from hotline.dialogue.exchange import Digits, Say, Words
from hotline.dialogue.phrases import Speaker
from hotline.dialogue.questions import speaker_of
from hotline.dialogue.script import Book
from hotline.dialogue.state import Outcome, State

BLOCKED = "blocked"
"""The reason of a call that is not taken because of abuse."""


def farewell(
    state: State, *, book: Book, code: str | None, callback: bool, promise: str = ""
) -> tuple[Say, ...]:
    """The last words of a dialogue that has ended.

    ``code`` is the case's, None where none was made; ``callback`` whether somebody will call
    back; ``promise`` says what happens by when, a sentence ready to be said. Whoever left does
    not hear it; whoever was cut off, because the longest call is over, does.
    """
    if state.outcome is None:
        return ()
    speaker = speaker_of(state, book)
    if state.reason == BLOCKED:
        return (Say((speaker.phrase("blocked"),)), Say((speaker.phrase("goodbye"),)))
    return (
        *_code(state, speaker, code),
        *_next(state, speaker, code=code, callback=callback),
        *((Say((Words(promise),)),) if promise else ()),
        Say((speaker.phrase("goodbye"),)),
    )


def _code(state: State, speaker: Speaker, code: str | None) -> tuple[Say, ...]:
    """The code digit by digit, twice."""
    if code is None:
        return ()
    first = "received" if state.outcome is Outcome.COMPLETE else "kept"
    if state.adding_to is not None:
        first = "added"
    return (
        Say((speaker.phrase(first), Digits(code))),
        Say((speaker.phrase("code_again"), Digits(code))),
    )


def _next(state: State, speaker: Speaker, *, code: str | None, callback: bool) -> tuple[Say, ...]:
    if callback and state.callback_number is not None:
        number = Digits(phones.national(state.callback_number))
        return (Say((speaker.phrase("callback_at"), number)),)
    if callback:
        return (Say((speaker.phrase("callback"),)),)
    if state.outcome is Outcome.SERVED:
        return ()
    if state.outcome is not Outcome.COMPLETE:
        return (Say((speaker.phrase("no_number"),)),)
    if code is not None and state.adding_to is None:
        return (Say((speaker.phrase("on_its_way"),)),)
    return ()
