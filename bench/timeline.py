"""What a caller does and when, worked out beforehand by walking the real dialogue with the
real prompts' lengths: sipp cannot listen, it acts by the clock.

Each act comes after a question has begun, so a system that is late at one question is not
later at the next; one that is later than ``SLACK_S`` loses words or keys, and the call does
not count.
"""

import wave
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hotline.dialogue.begin import begin
from hotline.dialogue.exchange import (
    Action,
    Ask,
    Event,
    Expect,
    Keys,
    Part,
    Say,
    Spoke,
    Started,
    ToCallbot,
    Wait,
    Words,
)
from hotline.dialogue.farewell import farewell
from hotline.dialogue.script import Book, Channel
from hotline.dialogue.state import Outcome
from hotline.dialogue.step import step
from hotline.domain.calls.ports import TextToSpeech

SLACK_S = 0.45
"""Between the tone's planned end and the first word, and between the last word and #."""
KEY_S = 0.3
"""Between two keys of a number."""
SWEEP_S = 0.5
"""A timer of the queue is seen at the latest so much after it ran out."""
STEPS_MOST = 60


@dataclass(frozen=True, kw_only=True)
class Caller:
    """How the caller behaves. ``listen_s``: how much of a question they hear before pressing
    (None: all of it). ``talks_s``: how long each spoken answer takes, in order."""

    key: str
    number: str
    talks_s: tuple[float, ...]
    listen_s: float | None
    wait_s: float = 0.0


@dataclass(kw_only=True)
class Timeline:
    """Seconds after the answer. ``keys``: (when, key); ``talks``: (from, seconds) of words;
    ``asked``: the prompts of each question in order, and how it is answered; ``ends_s``: when
    the farewell is over."""

    keys: list[tuple[float, str]] = field(default_factory=list)
    talks: list[tuple[float, float]] = field(default_factory=list)
    asked: list[tuple[str, list[Path]]] = field(default_factory=list)
    farewell: list[Path] = field(default_factory=list)
    ends_s: float = 0.0


class Walker:
    """Walks one book with one voice."""

    def __init__(self, book: Book, language: str, voice: TextToSpeech) -> None:
        self._book = book
        self._language = language
        self._voice = voice
        self._beep = voice.fixed("beep")

    def walk(self, caller: Caller) -> Timeline:
        """Raises RuntimeError for a script that does not end with these answers."""
        line, now = Timeline(), 0.0
        talks = iter(caller.talks_s)
        state = begin(
            channel=Channel.VOICE, language=self._language, caller=caller.number, book=self._book
        )
        event: Event = Started()
        for _ in range(STEPS_MOST):
            state, actions = step(state, event, book=self._book)
            if state.outcome is not None:
                break
            ask = next((action for action in actions if isinstance(action, Ask)), None)
            prompts = self._prompts(actions)
            if ask is None:
                if not any(isinstance(action, Wait) for action in actions):
                    raise RuntimeError(f"a caller of the bench does not know {actions}")
                line.asked.append(("wait", []))
                now += caller.wait_s + SWEEP_S
                event = ToCallbot("busy" if caller.wait_s else "nobody")
            elif ask.speech is not None:
                prompts.append(self._beep)
                line.asked.append(("speech", prompts))
                now, event = self._speak(line, now + _length(prompts), next(talks))
            else:
                line.asked.append(("keys", prompts))
                heard = _length(prompts) + SLACK_S
                listen_s = heard if caller.listen_s is None else min(caller.listen_s, heard)
                now, event = _press(line, now + listen_s, self._keys_for(ask, caller))
        if state.outcome is not Outcome.COMPLETE:
            raise RuntimeError(f"the walk ended as {state.outcome} at {state.stage}")
        goodbye = farewell(
            state, book=self._book, code="123456789", callback=False, promise="Xin cảm ơn ông bà."
        )
        line.farewell = self._prompts(goodbye)
        line.ends_s = now + _length(line.farewell)
        return line

    def _speak(self, line: Timeline, tone_over: float, seconds: float) -> tuple[float, Event]:
        begins = tone_over + SLACK_S
        line.talks.append((begins, seconds))
        over = begins + seconds + SLACK_S / 2
        line.keys.append((over, "#"))
        return over, Spoke(f"bench-{len(line.talks)}", seconds)

    def _keys_for(self, ask: Ask, caller: Caller) -> str:
        match ask.expect:
            case Expect.MENU:
                return caller.key
            case Expect.NUMBER:
                return "4#"
            case Expect.PHONE:
                return "1#"
        return "1"

    def _prompts(self, actions: Sequence[Action]) -> list[Path]:
        found: list[Path] = []
        for action in actions:
            if isinstance(action, Say):
                found += self._of(action.parts)
            elif isinstance(action, Ask):
                found += self._of((*action.problem, *action.parts))
        return found

    def _of(self, parts: Sequence[Part]) -> list[Path]:
        found: list[Path] = []
        for part in parts:
            if isinstance(part, Words):
                found.append(self._voice.path(self._language, part.text))
            else:
                found += [self._voice.digit(self._language, digit) for digit in part.digits]
        return found


def _press(line: Timeline, first: float, keys: str) -> tuple[float, Event]:
    for count, key in enumerate(keys):
        line.keys.append((first + count * KEY_S, key))
    return line.keys[-1][0], Keys(keys.removesuffix("#"))


def _length(prompts: Sequence[Path]) -> float:
    return sum(_seconds(prompt) for prompt in prompts)


def _seconds(prompt: Path) -> float:
    with wave.open(f"{prompt}.wav") as file:
        return float(file.getnframes() / file.getframerate())
