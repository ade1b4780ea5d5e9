"""What a script's answers make of a case: category, place, urgency, whom it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from hotline.core.errors import NotFound
from hotline.dialogue.script import Fills, Script, SlotKind
from hotline.dialogue.state import Answer
from hotline.domain.city.model import City
from hotline.domain.deadlines.due import due_times
from hotline.domain.people import services as people
from hotline.domain.people.models import Person
from hotline.domain.places import selectors as places
from hotline.domain.places.models import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """None: not known yet."""

    category: str | None
    place: Place | None
    urgent: bool


class Due(TypedDict):
    forward_due: datetime
    news_due: datetime | None
    answer_due: datetime


def facts_of(*, city: City, script: Script, answers: Iterable[Answer], branch: str | None) -> Facts:
    """Reads a script's answers; an answer that only a recording holds tells nothing yet."""
    given = tuple(answers)
    category = category_of(script, given)
    return Facts(
        category=category,
        place=_place(value_filling(script, given, Fills.PLACE)),
        urgent=city.is_urgent(category, branch) or city.is_urgent(None, branch),
    )


def due_facts(city: City, category: str | None, *, received_at: datetime) -> Due:
    """When what was promised falls due, counted from the receipt."""
    due = due_times(city.promise_for(category or None), received_at)
    return Due(forward_due=due.forward_due, news_due=due.news_due, answer_due=due.answer_due)


def value_filling(script: Script, answers: Iterable[Answer], fills: Fills) -> str | None:
    """The value of the answer that fills a part of the case."""
    keys = {slot.key for slot in script.slots if slot.fills is fills}
    return next((answer.value for answer in answers if answer.slot in keys and answer.value), None)


def subject_of(script: Script, answers: Iterable[Answer], *, now: datetime) -> Person | None:
    """The person in need, if it is somebody else whose name or number was given."""
    given = tuple(answers)
    number = value_filling(script, given, Fills.SUBJECT_PHONE)
    name = value_filling(script, given, Fills.SUBJECT_NAME)
    if not number and not name:
        return None
    person = (
        people.person_for_number(number=number, now=now) if number else people.anonymous(now=now)
    )
    people.give_name(person=person, name=name or "")
    return person


def category_of(script: Script, answers: Iterable[Answer]) -> str | None:
    """The category of the chosen option; a script may also name one for all its cases."""
    given = {answer.slot: answer.value for answer in answers}
    for slot in script.slots:
        if slot.fills is Fills.CATEGORY and slot.kind is SlotKind.CHOICE:
            value = given.get(slot.key)
            option = slot.option(value) if value else None
            if option and option.category:
                return option.category
    return script.category


def _place(code: str | None) -> Place | None:
    if code is None:
        return None
    try:
        return places.by_code(code)
    except NotFound:  # the answer stays; routing says that the place is missing
        return None
