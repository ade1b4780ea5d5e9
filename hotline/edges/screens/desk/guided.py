"""The form that an operator fills in while they talk: the branch's script, a part a slot."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotline.dialogue.progress import applicable_slots
from hotline.dialogue.script import Channel, Script, Slot, SlotKind, words
from hotline.dialogue.state import Answer, Source
from hotline.domain.city import selectors as cities
from hotline.domain.city.model import City
from hotline.domain.contacts.selectors import RecordingSeen
from hotline.edges.screens.desk.hearing import Choice, Field, place_choices
from hotline.edges.screens.shared.casepage import answer_words
from hotline.edges.screens.shared.context import language, say
from hotline.usecases.current_talk import Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """``ask`` is the sentence to say. ``told``: the person gave this answer by themselves, so
    that nobody asks again; ``heard_only``: so far only as a recording."""

    field: Field
    ask: str
    told: bool
    heard_only: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """``key`` changes when the page must draw the form anew. ``branches`` are those that have
    a form, as key and label."""

    key: str
    title: str
    consent_words: str
    parts: Sequence[Part]
    told: Sequence[Part]
    branches: Sequence[Choice]
    branch: str


def guide(talk: Talk, *, now: datetime) -> Guide:
    city = city_of_talk(talk)
    script = city.scripts.get(talk.script or "")
    slots = applicable_slots(script, talk.answers) if script is not None else ()
    parts = [_part(slot, talk.answers.get(slot.key), city, now) for slot in slots]
    return Guide(
        key=_key(talk, script, parts),
        title=say(script.title) if script is not None else "",
        consent_words=words(city.menu.consent, language=language(), channel=Channel.DESK),
        parts=[part for part in parts if not part.told],
        told=[part for part in parts if part.told],
        branches=[
            Choice(key=one.key, label=say(one.label))
            for one in city.menu.branches
            if one.script is not None
        ],
        branch=talk.branch,
    )


def city_of_talk(talk: Talk) -> City:
    if talk.city_version is None:
        return cities.current()[1]
    return cities.city_of(talk.city_version)


def _key(talk: Talk, script: Script | None, parts: Sequence[Part]) -> str:
    names = [str(talk.offer), script.key if script is not None else "", talk.branch]
    names += [f"{part.field.slot}{'!' if part.told else ''}" for part in parts]
    return hashlib.sha256("|".join(names).encode()).hexdigest()[:16]


_IN_THE_FORM = frozenset({Source.OPERATOR, Source.CALLER_ID})
"""What stands in its field: written there, or the number that rings, to be confirmed."""


def _part(slot: Slot, answer: Answer | None, city: City, now: datetime) -> Part:
    told = answer is not None and answer.value is not None and answer.source not in _IN_THE_FORM
    return Part(
        field=_field(slot, answer, city, told=told, now=now),
        ask=words(slot.ask, language=language(), channel=Channel.DESK),
        told=told,
        heard_only=answer is not None and answer.value is None and answer.recording is not None,
        source=str(answer.source) if answer is not None else "",
    )


def _field(slot: Slot, answer: Answer | None, city: City, *, told: bool, now: datetime) -> Field:
    value = (answer.value or "") if answer is not None else ""
    detail = answer.detail if answer is not None else ""
    shown = answer_words(slot, value) if value else ""
    is_place = slot.kind is SlotKind.PLACE
    return Field(
        slot=slot.key,
        kind=slot.kind,
        label=say(slot.label),
        sound=_sound(answer, now),
        value=shown if slot.kind is SlotKind.PHONE else value,
        detail=detail,
        search="",
        options=[Choice(key=one.key, label=say(one.label)) for one in slot.options],
        candidates=place_choices(value, "", city, now) if is_place else (),
        given=" – ".join(part for part in (shown, detail) if part) if told else "",
        private=False,
        required=slot.required,
    )


def _sound(answer: Answer | None, now: datetime) -> RecordingSeen | None:
    """What the person said to the callbot; whether the file is there is seen when it plays."""
    if answer is None or answer.recording is None:
        return None
    return RecordingSeen(
        id=UUID(answer.recording),
        slot=answer.slot,
        seconds=answer.seconds or 0.0,
        created_at=now,
        lost=False,
    )
