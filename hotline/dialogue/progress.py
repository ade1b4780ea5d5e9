"""Which slots a script asks of this person, what is answered, and what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.dialogue.reading import SPOKEN_KINDS
from hotline.dialogue.script import Book, Channel, Fills, Script, Slot
from hotline.dialogue.state import Answer, Stage, State


@dataclass(frozen=True, slots=True)
class Line:
    """One slot of the script as it stands now."""

    slot: Slot
    answer: Answer | None
    skipped: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """``position`` counts from 1 and is 0 while no slot is asked; ``previous`` is the slot
    before the present one (before the confirmation: the last), to go back to."""

    lines: tuple[Line, ...]
    position: int
    previous: str | None

    @property
    def total(self) -> int:
        return len(self.lines)


def progress(state: State, book: Book) -> Progress:
    """The slots to be asked, in order, given the answers so far; empty without a script."""
    current = state.slot if state.stage is Stage.SLOT else None
    lines = tuple(
        Line(
            slot=slot,
            answer=state.answers.get(slot.key),
            skipped=slot.key in state.skipped,
            current=slot.key == current,
        )
        for slot in asked_slots(state, book)
    )
    position = next((at for at, line in enumerate(lines, start=1) if line.current), 0)
    before = position - 1 if position else len(lines)
    goes_back = position or state.stage in {Stage.CONFIRM, Stage.CORRECT}
    previous = lines[before - 1].slot.key if goes_back and before else None
    return Progress(lines=lines, position=position, previous=previous)


def applicable_slots(script: Script, answers: Mapping[str, Answer]) -> tuple[Slot, ...]:
    """The slots whose condition holds. A condition on a slot that does not apply itself, or
    that comes later, does not hold."""
    applicable: dict[str, Slot] = {}
    for slot in script.slots:
        if slot.when is not None:
            answer = answers.get(slot.when.slot) if slot.when.slot in applicable else None
            if answer is None or answer.value not in slot.when.among:
                continue
        applicable[slot.key] = slot
    return tuple(applicable.values())


def applicable_answers(script: Script, answers: Mapping[str, Answer]) -> tuple[Answer, ...]:
    """What the script still asks for and knows, in its order."""
    slots = applicable_slots(script, answers)
    return tuple(answers[slot.key] for slot in slots if slot.key in answers)


def asked_slots(state: State, book: Book) -> tuple[Slot, ...]:
    """The applicable slots without those that cannot be asked of this person: who refused to
    be recorded on the phone is asked by keys only."""
    script = script_of(state, book)
    if script is None:
        return ()
    slots = applicable_slots(script, state.answers)
    if keys_only(state):
        return tuple(slot for slot in slots if slot.kind not in SPOKEN_KINDS)
    return slots


def answered_slots(state: State, book: Book) -> tuple[Slot, ...]:
    return tuple(slot for slot in asked_slots(state, book) if slot.key in state.answers)


def next_slot(state: State, book: Book) -> Slot | None:
    """The first slot that was neither answered nor left out."""
    for slot in asked_slots(state, book):
        if slot.key not in state.answers and slot.key not in state.skipped:
            return slot
    return None


def keys_only(state: State) -> bool:
    return state.channel is Channel.VOICE and state.consent is False


def script_of(state: State, book: Book) -> Script | None:
    return book.scripts.get(state.script) if state.script is not None else None


def missing(state: State, book: Book) -> tuple[Slot, ...]:
    """The required slots that apply and have no answer, not even a recording."""
    script = script_of(state, book)
    if script is None:
        return ()
    return tuple(
        slot
        for slot in applicable_slots(script, state.answers)
        if slot.required and slot.key not in state.answers
    )


def complete(state: State, book: Book) -> bool:
    """Whether a script was begun and nothing required is missing."""
    return script_of(state, book) is not None and not missing(state, book)


def values(state: State) -> dict[str, str | None]:
    """The canonical value of each answered slot; None while only a recording holds it."""
    return {key: answer.value for key, answer in state.answers.items()}


def reporter_number(state: State, book: Book) -> str | None:
    """The number at which the person who reports wants to be reached: the one they gave, or
    else the one they call from."""
    return _given(state, book, Fills.REPORTER_PHONE) or state.caller


def any_number(state: State, book: Book) -> str | None:
    """The reporter's number, or else that of the person in need."""
    return reporter_number(state, book) or _given(state, book, Fills.SUBJECT_PHONE)


def _given(state: State, book: Book, fills: Fills) -> str | None:
    script = script_of(state, book)
    slots = applicable_slots(script, state.answers) if script is not None else ()
    numbers = (
        state.answers[slot.key].value
        for slot in slots
        if slot.fills is fills and slot.key in state.answers
    )
    return next((number for number in numbers if number), None)
