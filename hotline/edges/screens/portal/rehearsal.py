"""Tries an answer on the dialogue before it is given.

The dialogue is plain Python, so a page can be judged without writing anything: a refused
answer changes nothing, its reason comes in the page's language, and an answer that is the
same as before need not be given again.
"""

from dataclasses import dataclass, replace

from hotline.dialogue.exchange import Action, Ask, Event, Typed, WentTo, Words
from hotline.dialogue.script import Book, Slot
from hotline.dialogue.state import Stage, State
from hotline.dialogue.step import step


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """``problem`` is why the answer is refused, empty if it is not. ``events`` are what to
    tell the dialogue, in order; none where nothing would change."""

    problem: str = ""
    events: tuple[Event, ...] = ()


def rehearse(state: State, slot: Slot, event: Typed, *, book: Book, language: str) -> Rehearsal:
    """What answering ``slot`` now would do, wherever the dialogue stands."""
    present = state.stage is Stage.SLOT and state.slot == slot.key
    events: tuple[Event, ...] = (event,) if present else (WentTo(slot.key), event)
    moved, actions = replace(state, language=language), tuple[Action, ...]()
    for one in events:
        moved, actions = step(moved, one, book=book)
    if problem := problem_of(actions):
        return Rehearsal(problem=problem)
    if not present and moved.answers.get(slot.key) == state.answers.get(slot.key):
        return Rehearsal()
    return Rehearsal(events=events)


def problem_of(actions: tuple[Action, ...]) -> str:
    """What was wrong with the last answer, in one text."""
    parts = (part for action in actions if isinstance(action, Ask) for part in action.problem)
    return " ".join(part.text if isinstance(part, Words) else part.digits for part in parts)
