"""The script itself: one slot after the other, read back, corrected; and the number for a
call-back where nobody knows one."""

from hotline.core.evolve import evolve
from hotline.dialogue import moves, persons, phones
from hotline.dialogue.exchange import Event, Keys, Left, RecordingFailed, Silence, Typed
from hotline.dialogue.moves import Result
from hotline.dialogue.progress import answered_slots, asked_slots, next_slot, script_of
from hotline.dialogue.questions import NOTHING, speaker_of
from hotline.dialogue.reading import SPOKEN_KINDS, Problem, read
from hotline.dialogue.script import Book, Channel, Slot
from hotline.dialogue.state import Answer, Outcome, Stage, State

_CONFIRM = {"1": "right", "2": "wrong", "yes": "right", "no": "wrong"}
RECORDING_FAILED = "recording_failed"


def on_slot(state: State, event: Event, book: Book) -> Result:
    script = script_of(state, book)
    if script is None or state.slot is None:  # a state that no step of ours leads to
        return moves.hand_over(state, book, "asked")
    slot = script.slot(state.slot)
    if isinstance(event, RecordingFailed) and slot.kind in SPOKEN_KINDS:
        return _recording_failed(state, slot, book)
    if isinstance(event, Silence) and slot.kind in SPOKEN_KINDS and not slot.required:
        return _leave_out(state, slot, book, drop=False)  # who may stay silent, was silent
    reading = read(slot, event, speaker=speaker_of(state, book), caller=state.caller)
    match reading:
        case Answer():
            return _accept(state, reading, book)
        case None:
            return _leave_out(state, slot, book, drop=True)
        case Problem(parts):
            again = moves.missed(state, book, parts)
            if again is not None:
                return again
    if slot.required:
        return moves.hand_over(state, book, "no_answer")
    return _leave_out(state, slot, book, drop=False)


def _accept(state: State, answer: Answer, book: Book) -> Result:
    answers = {**state.answers, answer.slot: answer}
    skipped = state.skipped - {answer.slot}
    return moves.advance(evolve(state, answers=answers, skipped=skipped), book)


def _leave_out(state: State, slot: Slot, book: Book, *, drop: bool) -> Result:
    """Goes on without an answer. An earlier one is dropped only if the person said so."""
    answers = dict(state.answers)
    if drop:
        answers.pop(slot.key, None)
    skipped = state.skipped if slot.key in answers else state.skipped | {slot.key}
    return moves.advance(evolve(state, answers=answers, skipped=skipped), book)


def _recording_failed(state: State, slot: Slot, book: Book) -> Result:
    """One more try, whatever else was missed; then a person, or on without it."""
    if state.reason != RECORDING_FAILED:
        problem = (speaker_of(state, book).phrase("recording_failed"),)
        return moves.ask(evolve(state, reason=RECORDING_FAILED), book, problem=problem)
    if slot.required:
        return moves.hand_over(state, book, RECORDING_FAILED)
    return _leave_out(state, slot, book, drop=False)


def on_confirm(state: State, event: Event, book: Book) -> Result:
    match moves.chosen(event, _CONFIRM):
        case "right":
            open_slot = next_slot(state, book)
            return moves.advance(state, book) if open_slot else moves.finish(state, book)
        case "wrong":
            answered = answered_slots(state, book)
            if len(answered) == 1:
                return _correct(state, answered[0].key, book)
            return moves.ask(moves.go(state, Stage.CORRECT), book)
    again = moves.missed(state, book, moves.misread(event, speaker_of(state, book)))
    return again or moves.hand_over(state, book, "no_answer")


def on_correct(state: State, event: Event, book: Book) -> Result:
    """Which answer is wrong: its digit in the order of the read-back, or its key."""
    answered = [slot.key for slot in answered_slots(state, book)]
    if isinstance(event, Typed):
        wrong = event.text if event.text in answered else None
    else:
        wrong = moves.chosen(event, {str(at): key for at, key in enumerate(answered, start=1)})
    if wrong is not None:
        return _correct(state, wrong, book)
    if moves.chosen(event, {NOTHING: NOTHING}):
        return moves.ask(moves.go(state, Stage.CONFIRM), book)
    again = moves.missed(state, book, moves.misread(event, speaker_of(state, book)))
    return again or moves.hand_over(state, book, "no_answer")


def _correct(state: State, slot: str, book: Book) -> Result:
    return moves.ask(moves.go(evolve(state, correcting=True), Stage.SLOT, slot=slot), book)


def go_to(state: State, slot: str, book: Book) -> Result:
    """Back to a slot that was asked before, or forward to the first open one; anything else
    asks the present question again."""
    inside = state.stage in {Stage.SLOT, Stage.CONFIRM, Stage.CORRECT}
    first_open = next_slot(state, book) if inside else None
    reachable = {
        asked.key
        for asked in (asked_slots(state, book) if inside else ())
        if asked.key in state.answers or asked.key in state.skipped or asked == first_open
    }
    if slot not in reachable:
        return moves.ask(state, book)
    correcting = state.correcting or state.stage is not Stage.SLOT
    back = evolve(state, correcting=correcting)
    return moves.ask(moves.go(back, Stage.SLOT, slot=slot), book)


def on_number(state: State, event: Event, book: Book) -> Result:
    """A number for the call-back. Without one the hand-over stands all the same."""
    raw = event.digits if isinstance(event, Keys) else ""
    if isinstance(event, Typed):
        raw = event.text
    number = phones.normalise(raw)
    if number is not None and not phones.is_short_code(number):
        return moves.end(state, book, Outcome.HANDED_OVER, state.reason, number)
    speaker = speaker_of(state, book)
    silent = isinstance(event, Silence | Left) or not raw
    problem = (speaker.phrase("no_key" if silent else "phone_wrong"),)
    again = moves.missed(state, book, problem)
    return again or moves.end(state, book, Outcome.HANDED_OVER, state.reason)


_LEFT_AT = {
    Stage.ANNOUNCEMENT: "announcement",
    Stage.QUEUE: "left_queue",
    Stage.OUTSIDE: "announcement",
}


def gives_up(state: State, book: Book) -> Result:
    """The person left. Who had asked for a person still gets one."""
    if state.stage is Stage.NUMBER:
        return moves.end(state, book, Outcome.HANDED_OVER, state.reason)
    reason = _LEFT_AT.get(state.stage, "")
    return moves.end(state, book, Outcome.ABANDONED, reason)


def to_a_person(state: State, book: Book) -> Result:
    """Into the queue where people answer the branch, else a call-back. Who waits already, or
    has pressed the key in the menu, is asked for no branch again."""
    if state.stage is Stage.QUEUE:
        return state, (persons.wait(state, book),)
    entered = state if state.branch is not None else evolve(state, branch=book.menu.operator_branch)
    if state.stage is not Stage.ANNOUNCEMENT and persons.line_of(entered, book) is not None:
        return persons.enter(entered, book, asked=True)
    return moves.hand_over(state, book, "asked")


def asks_for_a_person(state: State, event: Event, book: Book) -> bool:
    """The operator key, anywhere on the phone. One that is a digit would break numbers: it
    works in the menu only (``front_door.on_menu``)."""
    key = book.menu.operator_key
    return (
        isinstance(event, Keys)
        and state.channel is Channel.VOICE
        and state.stage not in {Stage.NUMBER, Stage.OUTSIDE}
        and key != ""
        and not key.isdigit()
        and key in event.digits
    )
