"""The dialogue: one event in, the new state and what is to be done out.

Total: every event in every state has an answer. One that makes no sense there asks the
question again; after the end nothing changes any more.
"""

from collections.abc import Callable

from hotline.dialogue import front_door, interview, moves, persons
from hotline.dialogue.exchange import Action, Event, Left, Resumed, Say, Started, WentTo
from hotline.dialogue.moves import Result
from hotline.dialogue.questions import speaker_of
from hotline.dialogue.script import Book, Channel
from hotline.dialogue.state import Stage, State

_HANDLERS: dict[Stage, Callable[[State, Event, Book], Result]] = {
    Stage.KNOWN: front_door.on_known,
    Stage.MENU: front_door.on_menu,
    Stage.ANNOUNCEMENT: front_door.on_announcement,
    Stage.QUEUE: persons.on_queue,
    Stage.OFFER: persons.on_offer,
    Stage.OUTSIDE: persons.on_outside,
    Stage.CONSENT: front_door.on_consent,
    Stage.SLOT: interview.on_slot,
    Stage.CONFIRM: interview.on_confirm,
    Stage.CORRECT: interview.on_correct,
    Stage.NUMBER: interview.on_number,
}


WAITS = frozenset({Stage.QUEUE, Stage.OUTSIDE})
"""Stages in which nothing is asked."""


def step(state: State, event: Event, *, book: Book) -> tuple[State, tuple[Action, ...]]:
    """What follows from ``event``."""
    if state.stage is Stage.ENDED:
        return state, ()
    if isinstance(event, Left):
        return interview.gives_up(state, book)
    if interview.asks_for_a_person(state, event, book):
        return interview.to_a_person(state, book)
    if state.stage is Stage.GREETING:  # whatever comes, nobody was greeted yet
        return front_door.greet(state, book)
    match event:
        case Started() if state.stage not in WAITS:
            return moves.ask(state, book)
        case _ if persons.may_be_offered(state, event, book):
            return persons.offer(state, book)
        case Resumed():
            return state, ask_again(state, book=book)
        case WentTo(slot) if state.stage not in WAITS:
            return interview.go_to(state, slot, book)
    return _HANDLERS[state.stage](state, event, book)


def ask_again(state: State, *, book: Book) -> tuple[Action, ...]:
    """The present question for somebody who was interrupted: voice says that it asks again.
    Nothing once the dialogue has ended. Pages show ``question`` instead."""
    if state.stage is Stage.ENDED:
        return ()
    asked = persons.present(state, book)
    if state.stage in WAITS:
        return (asked,)
    if state.channel is not Channel.VOICE:
        return (asked,)
    return Say((speaker_of(state, book).phrase("again"),)), asked
