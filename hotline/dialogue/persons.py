"""People beside the callbot, on the telephone: waiting for an operator, being offered one,
being connected with a line outside."""

from hotline.core.evolve import evolve
from hotline.dialogue import moves
from hotline.dialogue.exchange import (
    Action,
    Announced,
    Ask,
    Event,
    Keys,
    Outside,
    OutsideOver,
    PersonFree,
    Say,
    Served,
    ToCallbot,
    Wait,
)
from hotline.dialogue.moves import Result
from hotline.dialogue.questions import question, speaker_of
from hotline.dialogue.script import Book, Branch, Channel, Line
from hotline.dialogue.state import Outcome, Stage, State

ANSWERED = "answered"
_YES_NO = {"1": "yes", "2": "no"}
_INSIDE = frozenset({Stage.CONSENT, Stage.SLOT, Stage.CONFIRM, Stage.CORRECT})
_NO_PERSON = frozenset({"nobody", "closed", "switched"})


def line_of(state: State, book: Book) -> Line | None:
    """How people answer the state's branch; None where nobody does, and off the telephone."""
    branch = book.menu.branch(state.branch or "")
    return branch.line if branch is not None and state.channel is Channel.VOICE else None


def enter(state: State, book: Book, *, asked: bool = False) -> Result:
    """Into the queue of the branch. What was asked last is kept for the way back."""
    waiting = moves.go(state, Stage.QUEUE, slot=state.slot)
    waiting = evolve(waiting, asked_person=state.asked_person or asked)
    return waiting, (wait(waiting, book),)


def wait(state: State, book: Book) -> Wait:
    line = line_of(state, book) or Line()
    menu = book.menu
    return Wait(keys=f"{menu.call_back_key}{menu.callbot_key}", every_s=line.every_s)


def on_queue(state: State, event: Event, book: Book) -> Result:
    match event:
        case Keys(digits) if digits == book.menu.call_back_key:
            return moves.hand_over(state, book, "asked")
        case Keys(digits) if digits == book.menu.callbot_key:
            return _to_callbot(state, book, "wish")
        case ToCallbot(reason) if state.asked_person and reason in _NO_PERSON:
            return moves.hand_over(state, book, "asked")  # they want a person, and get one later
        case ToCallbot(reason):
            return _to_callbot(state, book, reason)
        case Announced():
            return moves.ask(moves.go(state, Stage.ANNOUNCEMENT), book)
        case Served():
            return moves.end(state, book, Outcome.SERVED)
    return state, (wait(state, book),)


def _to_callbot(state: State, book: Book, reason: str) -> Result:
    """On with the branch's script, where it was left or from its beginning."""
    branch = book.menu.branch(state.branch or "")
    speaker = speaker_of(state, book)
    key = f"to_callbot_{reason}"
    said: tuple[Action, ...] = (Say((speaker.phrase(key),)),) if reason in _SAID else ()
    moved, actions = go_on(state, branch, book)
    return moved, (*said, *actions)


_SAID = frozenset({"busy", "nobody", "closed", "switched"})


def go_on(state: State, branch: Branch | None, book: Book) -> Result:
    """Back to the question that was left for a person."""
    if state.script is None:
        return moves.enter_script(state, branch.script if branch is not None else None, book)
    if state.consent is None:
        return moves.ask(moves.go(state, Stage.CONSENT), book)
    if state.slot is not None:
        return moves.ask(moves.go(state, Stage.SLOT, slot=state.slot), book)
    return moves.advance(state, book)


def may_be_offered(state: State, event: Event, book: Book) -> bool:
    """A person is offered once, and only between the questions of the callbot."""
    return (
        isinstance(event, PersonFree)
        and not state.offered
        and state.stage in _INSIDE
        and line_of(state, book) is not None
    )


def offer(state: State, book: Book) -> Result:
    return moves.ask(moves.go(evolve(state, offered=True), Stage.OFFER, slot=state.slot), book)


def on_offer(state: State, event: Event, book: Book) -> Result:
    match moves.chosen(event, _YES_NO):
        case "yes":
            return enter(state, book, asked=True)
        case None if again := moves.missed(
            state, book, moves.misread(event, speaker_of(state, book))
        ):
            return again
    return go_on(state, book.menu.branch(state.branch or ""), book)


def on_outside(state: State, event: Event, book: Book) -> Result:
    """Who found nobody there hears the number, and may be called back."""
    match event:
        case OutsideOver(result) if result == ANSWERED:
            return moves.end(state, book, Outcome.SERVED)
        case OutsideOver(result):
            speaker = speaker_of(state, book)
            said = () if result == "no_line" else (Say((speaker.phrase("outside_failed"),)),)
            return moves.ask(moves.go(state, Stage.ANNOUNCEMENT), book, before=said)
    return state, (present(state, book),)


def present(state: State, book: Book) -> Wait | Outside | Ask:
    """What the state wants of the person now, also where nothing is asked. Raises ValueError
    for a dialogue that has ended."""
    if state.stage is Stage.QUEUE:
        return wait(state, book)
    if state.stage is Stage.OUTSIDE:
        branch = book.menu.branch(state.branch or "")
        return Outside((branch.outside_number if branch is not None else None) or "")
    return question(state, book)
