"""The dialogue: one event in, the new state and what is to be done out.

Total: every event in every state has an answer. One that makes no sense there asks the
question again; after the end nothing changes any more.
"""

from collections.abc import Callable

from hotline.dialogue import front_door, interview, moves
from hotline.dialogue.exchange import Action, Event, Left, Resumed, Say, Started, WentTo
from hotline.dialogue.moves import Result
from hotline.dialogue.questions import question, speaker_of
from hotline.dialogue.script import Book, Channel
from hotline.dialogue.state import Stage, State

_HANDLERS: dict[Stage, Callable[[State, Event, Book], Result]] = {
    Stage.KNOWN: front_door.on_known,
    Stage.MENU: front_door.on_menu,
    Stage.ANNOUNCEMENT: front_door.on_announcement,
    Stage.CONSENT: front_door.on_consent,
    Stage.SLOT: interview.on_slot,
    Stage.CONFIRM: interview.on_confirm,
    Stage.CORRECT: interview.on_correct,
    Stage.NUMBER: interview.on_number,
}


def step(state: State, event: Event, *, book: Book) -> tuple[State, tuple[Action, ...]]:
    """What follows from ``event``."""
    if state.stage is Stage.ENDED:
        return state, ()
    if isinstance(event, Left):
        return interview.gives_up(state, book)
    if interview.asks_for_a_person(state, event, book):
        return moves.hand_over(state, book, "asked")
    if state.stage is Stage.GREETING:  # whatever comes, nobody was greeted yet
        return front_door.greet(state, book)
    match event:
        case Started():
            return moves.ask(state, book)
        case Resumed():
            return state, ask_again(state, book=book)
        case WentTo(slot):
            return interview.go_to(state, slot, book)
    return _HANDLERS[state.stage](state, event, book)


def ask_again(state: State, *, book: Book) -> tuple[Action, ...]:
    """The present question for somebody who was interrupted: voice says that it asks again.
    Nothing once the dialogue has ended. Pages show ``question`` instead."""
    if state.stage is Stage.ENDED:
        return ()
    asked = question(state, book)
    if state.channel is not Channel.VOICE:
        return (asked,)
    return Say((speaker_of(state, book).phrase("again"),)), asked
