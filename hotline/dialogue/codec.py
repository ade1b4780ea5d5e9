"""The state as JSON and back.

A later version may add keys: those are ignored on reading; what an earlier version did not
write has its default.
"""

from collections.abc import Mapping
from typing import Any

from hotline.dialogue.script import Channel
from hotline.dialogue.state import Answer, Outcome, Source, Stage, State

_PLAIN = (
    "language",
    "caller",
    "claimed",
    "known_case",
    "known_stage",
    "adding_to",
    "branch",
    "script",
    "slot",
    "correcting",
    "consent",
    "misses",
    "callback_number",
    "offered",
    "asked_person",
    "reason",
)
_PLAIN_OF_ANSWER = ("slot", "value", "detail", "recording", "seconds")


def dump(state: State) -> dict[str, Any]:
    """Only what JSON knows: strings, numbers, lists, dicts, None."""
    return {
        **{name: getattr(state, name) for name in _PLAIN},
        "channel": state.channel.value,
        "stage": state.stage.value,
        "outcome": state.outcome.value if state.outcome is not None else None,
        "skipped": sorted(state.skipped),
        "answers": {key: _dump_answer(answer) for key, answer in state.answers.items()},
    }


def load(data: Mapping[str, Any]) -> State:
    """The state that ``dump`` wrote. Raises KeyError or ValueError for what is no state."""
    outcome = data.get("outcome")
    return State(
        **{name: data[name] for name in _PLAIN if name in data},
        channel=Channel(data["channel"]),
        stage=Stage(data["stage"]),
        outcome=Outcome(outcome) if outcome is not None else None,
        skipped=frozenset(data.get("skipped", ())),
        answers={key: _load_answer(answer) for key, answer in data.get("answers", {}).items()},
    )


def _dump_answer(answer: Answer) -> dict[str, Any]:
    return {
        **{name: getattr(answer, name) for name in _PLAIN_OF_ANSWER},
        "source": answer.source.value,
    }


def _load_answer(data: Mapping[str, Any]) -> Answer:
    return Answer(
        **{name: data[name] for name in _PLAIN_OF_ANSWER if name in data},
        source=Source(data["source"]),
    )
