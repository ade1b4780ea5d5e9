"""How a dialogue moves on: to the next question, round a misunderstanding, to a person, to
its end. Every move gives the new state and what is to be done."""

from collections.abc import Mapping
from dataclasses import replace

from hotline.core.evolve import evolve
from hotline.dialogue.exchange import (
    Action,
    Ask,
    End,
    Event,
    Keys,
    Outside,
    Part,
    Silence,
    Typed,
    Wait,
)
from hotline.dialogue.phrases import Speaker
from hotline.dialogue.progress import (
    answered_slots,
    any_number,
    applicable_slots,
    keys_only,
    next_slot,
    reporter_number,
    script_of,
)
from hotline.dialogue.questions import question
from hotline.dialogue.script import Book, Branch, Channel
from hotline.dialogue.state import Outcome, Stage, State

Result = tuple[State, tuple[Action, ...]]
FORMS = frozenset({Channel.WEB, Channel.DESK})
"""Channels where a person looks at a page: as many tries as they like."""


def ask(
    state: State, book: Book, *, problem: tuple[Part, ...] = (), before: tuple[Action, ...] = ()
) -> Result:
    """Asks what ``state`` asks."""
    asked: Ask = question(state, book)
    return state, (*before, replace(asked, problem=problem) if problem else asked)


def go(state: State, stage: Stage, *, slot: str | None = None, reason: str = "") -> State:
    """The state at another question: nobody has missed that one yet."""
    return evolve(state, stage=stage, slot=slot, misses=0, reason=reason)


def missed(state: State, book: Book, problem: tuple[Part, ...]) -> Result | None:
    """Asks again, saying what was wrong; None once patience is at its end."""
    if state.channel in FORMS:
        return ask(state, book, problem=problem)
    if state.misses >= book.menu.limits.repeats:
        return None
    return ask(evolve(state, misses=state.misses + 1), book, problem=problem)


def enter_branch(state: State, branch: Branch, book: Book) -> Result:
    """Into what a key of the menu leads to: people first, on the telephone."""
    entered = evolve(state, branch=branch.key)
    if branch.outside_number is not None:
        if state.channel is Channel.VOICE:
            return go(entered, Stage.OUTSIDE), (Outside(branch.outside_number),)
        return ask(go(entered, Stage.ANNOUNCEMENT), book)
    if branch.line is not None and state.channel is Channel.VOICE:
        keys = f"{book.menu.call_back_key}{book.menu.callbot_key}"
        return go(entered, Stage.QUEUE), (Wait(keys=keys, every_s=branch.line.every_s),)
    return enter_script(entered, branch.script, book)


def enter_script(state: State, script: str | None, book: Book) -> Result:
    """To the consent, which stands before every script."""
    if script not in book.scripts:  # the city's check refuses this; nobody falls into it
        return hand_over(state, book, "asked")
    return ask(go(evolve(state, script=script), Stage.CONSENT), book)


def advance(state: State, book: Book, *, before: tuple[Action, ...] = ()) -> Result:
    """To the first open slot, else to the confirmation."""
    slot = next_slot(state, book)
    if slot is not None:
        return ask(go(state, Stage.SLOT, slot=slot.key), book, before=before)
    if state.channel not in FORMS and not answered_slots(state, book):
        return hand_over(state, book, "refused_recording" if keys_only(state) else "no_answer")
    return ask(go(evolve(state, correcting=False), Stage.CONFIRM), book)


def finish(state: State, book: Book) -> Result:
    """All is confirmed. Who refused to be recorded is called back for what is still open."""
    if keys_only(state):
        return hand_over(state, book, "refused_recording")
    return end(state, book, Outcome.COMPLETE)


def hand_over(state: State, book: Book, reason: str) -> Result:
    """A person must go on. Where that takes a call-back and nobody knows at which number, the
    number is asked for first; a chat goes on in the chat."""
    if state.channel is Channel.CHAT or reporter_number(state, book) is not None:
        return end(state, book, Outcome.HANDED_OVER, reason)
    return ask(go(state, Stage.NUMBER, reason=reason), book)


def end(
    state: State, book: Book, outcome: Outcome, reason: str = "", number: str | None = None
) -> Result:
    """The end. Answers that no longer apply are left behind."""
    script = script_of(state, book)
    kept = {slot.key for slot in applicable_slots(script, state.answers)} if script else set()
    ended = evolve(
        go(state, Stage.ENDED, reason=reason),
        outcome=outcome,
        correcting=False,
        answers={key: answer for key, answer in state.answers.items() if key in kept},
        callback_number=(
            None if outcome is Outcome.COMPLETE else number or any_number(state, book)
        ),
    )
    return ended, (End(),)


def chosen(event: Event, choices: Mapping[str, str]) -> str | None:
    """Which of the choices a key or a typed word means; None if none."""
    match event:
        case Keys(digits):
            return choices.get(digits)
        case Typed(text):
            return choices.get(text.strip().lower())
        case _:
            return None


def misread(event: Event, speaker: Speaker) -> tuple[Part, ...]:
    """What was wrong with an event where one of a few keys is awaited."""
    match event:
        case Silence() | Keys(""):
            return (speaker.phrase("no_key"),)
        case Keys() | Typed():
            return (speaker.phrase("wrong_key"),)
        case _:
            return ()
