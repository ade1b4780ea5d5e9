"""Where a dialogue stands: immutable, JSON-able, the same for every channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hotline.dialogue.script import Channel


class Stage(StrEnum):
    GREETING = "greeting"  # voice only, before the first event
    KNOWN = "known"  # "your case N is …; add to it, or a new one?"
    MENU = "menu"
    ANNOUNCEMENT = "announcement"  # an outside number is given, a call-back offered
    CONSENT = "consent"
    SLOT = "slot"
    CONFIRM = "confirm"
    CORRECT = "correct"  # which answer is wrong?
    QUEUE = "queue"  # waits for an operator or speaks with one
    OFFER = "offer"  # "somebody is free now: speak with a person, or go on here?"
    OUTSIDE = "outside"  # is being connected, or speaks, with an outside number
    NUMBER = "number"  # a number for the call-back of somebody whose own is withheld
    ENDED = "ended"


class Outcome(StrEnum):
    COMPLETE = "complete"
    HANDED_OVER = "handed_over"  # a person must go on (a call-back, until queues exist)
    ABANDONED = "abandoned"
    SERVED = "served"  # by a person; a case, if one was needed, is made from the same contact


class Source(StrEnum):
    KEYS = "keys"
    SPEECH = "speech"  # the recording is the answer until somebody has listened
    TYPED = "typed"
    CALLER_ID = "caller_id"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said to one slot.

    ``value`` is canonical: an option's key, a decimal number, an E.164 number (short codes
    as they are), a place's code, or NFC text; None while only a recording exists.
    ``detail`` is the street address that goes with a place. ``recording`` is the id of the
    recording, ``seconds`` its length.
    """

    slot: str
    source: Source
    value: str | None = None
    detail: str = ""
    recording: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class State:
    """``caller`` is the caller's number in E.164 or None if withheld or foreign to any plan;
    ``claimed``: it was typed in a browser, and nothing proves that it is theirs;
    ``known_case`` the code of an open case of that number with ``known_stage`` in words;
    ``adding_to`` is set once the person chose to add to it. ``misses`` counts failed tries
    at the present question. ``skipped`` are slots that were asked and left without an answer:
    they are not asked again. ``reason`` says in one word why a person must go on:
    ``asked``, ``no_answer``, ``refused_recording``, ``announcement``, ``recording_failed``
    (also while that one is tried once more); ``announcement`` also stands with somebody who
    left while an outside number was given. ``callback_number`` is known from the end on,
    unless the dialogue is complete: what the person keyed in for it, else their number among
    the answers, else ``caller``, else that of the person in need.
    """

    channel: Channel
    language: str
    stage: Stage
    caller: str | None = None
    claimed: bool = False
    known_case: str | None = None
    known_stage: str = ""
    adding_to: str | None = None
    branch: str | None = None
    script: str | None = None
    slot: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    correcting: bool = False
    consent: bool | None = None
    misses: int = 0
    callback_number: str | None = None
    offered: bool = False
    asked_person: bool = False
    outcome: Outcome | None = None
    reason: str = ""
