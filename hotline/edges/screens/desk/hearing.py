"""What an operator fills in while listening: one field a slot of the script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from hotline.dialogue.progress import applicable_slots
from hotline.dialogue.script import Script, Slot, SlotKind
from hotline.dialogue.state import Answer, Source
from hotline.domain.accounts.models import User
from hotline.domain.cases import selectors as cases
from hotline.domain.cases.models import Case
from hotline.domain.cases.selectors import AnswerSeen
from hotline.domain.city.model import City
from hotline.domain.contacts import selectors as contacts
from hotline.domain.contacts.selectors import RecordingSeen
from hotline.domain.places import selectors as places
from hotline.domain.places.models import Place
from hotline.edges.screens.shared.casepage import answer_words, is_contact, place_words
from hotline.edges.screens.shared.context import say
from hotline.edges.screens.shared.lists import written
from hotline.usecases.operators_words import Heard

CANDIDATES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A slot beside its recording. ``value`` is what the form holds: an option's key, a
    number, text, or a place's code with ``detail``; ``search`` is what was typed to find the
    place, ``candidates`` what it found. ``given``: the citizen's own answer in words, which
    needs no listening but can be corrected. ``private``: the answer is a contact."""

    slot: str
    kind: SlotKind
    label: str
    sound: RecordingSeen | None
    value: str
    detail: str
    search: str
    options: Sequence[Choice]
    candidates: Sequence[Choice]
    given: str
    private: bool
    required: bool
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All fields of a case: those to fill first, then what the citizen gave already."""

    to_fill: Sequence[Field]
    given: Sequence[Field]
    more_sounds: Sequence[RecordingSeen]


def sheet(
    user: User,
    case: Case,
    *,
    form: QueryDict | None,
    problems: Mapping[str, str],
    now: datetime,
) -> Sheet:
    """``form``: what was sent and could not be taken, shown again as it was."""
    city = cases.city_of_case(case)
    script = city.scripts[case.script]
    seen = {answer.slot: answer for answer in cases.answers_of(user, case)}
    sounds = {one.id: one for one in contacts.recordings_of_case(user, case)}
    fields = [
        _field(slot, seen.get(slot.key), sounds, city, form, problems.get(slot.key, ""), now)
        for slot in asked(script, seen)
    ]
    named = {answer.recording for answer in seen.values()}
    return Sheet(
        to_fill=[one for one in fields if not one.given],
        given=[one for one in fields if one.given],
        more_sounds=[one for one in sounds.values() if one.id not in named],
    )


def asked(script: Script, seen: Mapping[str, AnswerSeen]) -> Sequence[Slot]:
    """The slots that matter, given what was answered."""
    answers = {
        key: Answer(slot=key, source=Source(answer.source), value=answer.value)
        for key, answer in seen.items()
    }
    return applicable_slots(script, answers)


def heard(user: User, case: Case, form: QueryDict) -> dict[str, Heard]:
    """What the operator wrote: only what differs from what the citizen gave."""
    seen = {answer.slot: answer for answer in cases.answers_of(user, case)}
    script = cases.city_of_case(case).scripts[case.script]
    answers: dict[str, Heard] = {}
    for slot in script.slots:
        new = _written(slot, form)
        if new and not _same(slot, seen.get(slot.key), new):
            answers[slot.key] = new
    return answers


def candidates(text: str, city: City, now: datetime) -> list[Choice]:
    """Places that the typed words may mean."""
    found = places.search(text, limit=CANDIDATES, on=city.places_on(now)) if text.strip() else ()
    return [_choice(place) for place in found]


def _choice(place: Place) -> Choice:
    return Choice(key=place.code, label=place.path)


def _written(slot: Slot, form: QueryDict) -> Heard | None:
    """None where the field was not on the page or is empty."""
    text = written(form, f"text-{slot.key}").strip()
    place = written(form, f"place-{slot.key}") or None
    detail = written(form, f"detail-{slot.key}").strip()
    if slot.kind is SlotKind.PLACE:
        return Heard(text=detail, place=place, detail=detail) if place or detail else None
    return Heard(text=text) if text else None


def _same(slot: Slot, answer: AnswerSeen | None, new: Heard) -> bool:
    if answer is None or answer.value is None:
        return False
    if slot.kind is SlotKind.PLACE:
        return new.place == answer.value and new.detail == answer.detail
    if slot.kind is SlotKind.PHONE:
        return new.text in {answer.value, answer_words(slot, answer.value)}
    return new.text == answer.value


def _field(
    slot: Slot,
    answer: AnswerSeen | None,
    sounds: Mapping[UUID, RecordingSeen],
    city: City,
    form: QueryDict | None,
    problem: str,
    now: datetime,
) -> Field:
    value, detail = (answer.value or "", answer.detail) if answer else ("", "")
    given = answer_words(slot, value) if value else ""
    search = ""
    if form is not None:
        search = written(form, f"search-{slot.key}")
        value = written(form, f"place-{slot.key}") or form.get(f"text-{slot.key}", value)
        detail = form.get(f"detail-{slot.key}", detail)
    elif slot.kind is SlotKind.PHONE:
        value = given
    return Field(
        slot=slot.key,
        kind=slot.kind,
        label=say(slot.label),
        sound=sounds.get(answer.recording) if answer and answer.recording else None,
        value=value,
        detail=detail,
        search=search,
        options=[Choice(key=one.key, label=say(one.label)) for one in slot.options],
        candidates=place_choices(value, search, city, now) if slot.kind is SlotKind.PLACE else (),
        given=" – ".join(part for part in (given, answer.detail if answer else "") if part),
        private=is_contact(slot),
        required=slot.required,
        problem=problem,
    )


def place_choices(chosen: str, search: str, city: City, now: datetime) -> list[Choice]:
    """The chosen place first, then what the search finds."""
    first = [Choice(key=chosen, label=place_words(chosen))] if chosen else []
    return first + [one for one in candidates(search, city, now) if one.key != chosen]
