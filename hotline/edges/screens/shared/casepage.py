"""A case as staff see it: desk and agency show the same page with other actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hotline.core.errors import NotFound
from hotline.dialogue.phones import national
from hotline.dialogue.script import Fills, Script, Slot, SlotKind
from hotline.domain.accounts.models import User
from hotline.domain.cases import selectors as cases
from hotline.domain.cases.models import Case
from hotline.domain.cases.selectors import AnswerSeen, Line
from hotline.domain.city.model import City
from hotline.domain.contacts import selectors as contacts
from hotline.domain.contacts.selectors import PhotoSeen, RecordingSeen
from hotline.domain.places import selectors as places
from hotline.edges.screens.shared import due
from hotline.edges.screens.shared.context import say
from hotline.usecases.read_contact import ContactDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown:
    """An answer in words. ``words`` is empty while only a recording holds it."""

    slot: str
    label: str
    words: str
    detail: str
    source: str
    sound: RecordingSeen | None
    hidden: bool
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Everything that the page of one case shows to one user."""

    case: Case
    city: City
    category: str
    clocks: tuple[due.Clock, ...]
    answers: tuple[AnswerShown, ...]
    more_sounds: tuple[RecordingSeen, ...]
    photos: tuple[PhotoSeen, ...]
    lines: tuple[Line, ...]
    contact_visible: bool


def case_page(user: User, case: Case, *, now: datetime) -> CasePage:
    """``more_sounds``: recordings that no answer names, such as what was said later on."""
    city = cases.city_of_case(case)
    script = city.scripts.get(case.script)
    recordings = {one.id: one for one in contacts.recordings_of_case(user, case)}
    seen = cases.answers_of(user, case)
    named = {answer.recording for answer in seen}
    return CasePage(
        case=case,
        city=city,
        category=category_words(city, case.category),
        clocks=due.clocks(case, now=now),
        answers=tuple(_shown(answer, script, recordings) for answer in seen),
        more_sounds=tuple(one for key, one in recordings.items() if key not in named),
        photos=contacts.photos_of_case(user, case),
        lines=tuple(reversed(cases.timeline_of(user, case))),
        contact_visible=cases.contact_visible(user, case),
    )


def category_words(city: City, key: str) -> str:
    """What a case is about; a sentence while nobody knows."""
    try:
        return say(city.category(key).label) if key else _("Not known yet what it is about")
    except NotFound:
        return key


def slot_of(script: Script | None, key: str) -> Slot | None:
    try:
        return script.slot(key) if script else None
    except KeyError:
        return None


def answer_words(slot: Slot | None, value: str | None) -> str:
    """A canonical value as people read it."""
    if value is None or slot is None:
        return value or ""
    if slot.kind is SlotKind.CHOICE:
        option = slot.option(value)
        return say(option.label) if option else value
    if slot.kind is SlotKind.PHONE:
        return national(value)
    if slot.kind is SlotKind.PLACE:
        return place_words(value)
    return value


def place_words(code: str) -> str:
    try:
        return places.by_code(code).path
    except NotFound:
        return code


def is_contact(slot: Slot | None) -> bool:
    """Whether the answer tells who somebody is or how to reach them."""
    return slot is not None and slot.fills in {
        Fills.REPORTER_NAME,
        Fills.REPORTER_PHONE,
        Fills.SUBJECT_NAME,
        Fills.SUBJECT_PHONE,
    }


def later_than(lines: Sequence[Line], version: int) -> list[Line]:
    """What others did since somebody saw ``version`` of the case, oldest first; ``lines``
    are newest first."""
    return [line for line in reversed(lines) if line.data.get("version", 0) > version]


def _shown(
    answer: AnswerSeen, script: Script | None, recordings: Mapping[UUID, RecordingSeen]
) -> AnswerShown:
    slot = slot_of(script, answer.slot)
    covered = answer.hidden or is_contact(slot)
    return AnswerShown(
        slot=answer.slot,
        label=say(slot.label) if slot else answer.slot,
        words="" if covered else answer_words(slot, answer.value),
        detail=answer.detail,
        source=answer.source,
        sound=recordings.get(answer.recording) if answer.recording else None,
        hidden=covered,
        erased=answer.erased,
    )


def context_of(page: CasePage, **more: Any) -> dict[str, Any]:
    """What the templates of a case take."""
    return {"page": page, "case": page.case, **more}


def contact_shown(details: ContactDetails) -> list[tuple[str, str, str]]:
    """Label, words, and the number to dial (nothing for a name) of what is known."""
    names = (
        (_("Reporter"), details.reporter_name),
        (_("Person in need"), details.subject_name),
    )
    phones = (
        (_("Reporter's telephone"), details.reporter_phone),
        (_("Telephone of the person in need"), details.subject_phone),
    )
    return [(label, name, "") for label, name in names if name] + [
        (label, national(phone), phone) for label, phone in phones if phone
    ]
