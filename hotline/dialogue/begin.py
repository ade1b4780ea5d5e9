"""How a dialogue begins, on each channel."""

from hotline.dialogue import front_door
from hotline.dialogue.script import Book, Channel
from hotline.dialogue.state import Stage, State


def begin(
    *,
    channel: Channel,
    language: str,
    caller: str | None = None,
    claimed: bool = False,
    known_case: str | None = None,
    known_stage: str = "",
    branch: str | None = None,
    book: Book,
) -> State:
    """A dialogue before its first event.

    Voice begins with the greeting. Elsewhere a known case is spoken of first, then what the
    branch leads to; a branch that the city does not have leads to the menu. ``caller`` is
    canonical (``phones.normalise``), ``known_stage`` a sentence ready to be said.
    """
    state = State(
        channel=channel,
        language=language,
        stage=Stage.GREETING,
        caller=caller,
        claimed=claimed,
        known_case=known_case,
        known_stage=known_stage,
        branch=branch if book.menu.branch(branch or "") is not None else None,
    )
    if channel is Channel.VOICE:
        return state
    return front_door.greet(state, book)[0]  # pages greet by themselves
