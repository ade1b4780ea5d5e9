"""What an operator writes down of what a person said. Internal to the use cases of forms."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import get_language, gettext, gettext_noop

from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.reading import Problem, read_as_operator
from hotline.dialogue.script import Script, SlotKind
from hotline.dialogue.state import Answer
from hotline.domain.city.model import City
from hotline.domain.places import selectors as places


class Heard(NamedTuple):
    """What was heard for one slot, as one would type it: an option's key, a number, a text;
    for a place its code and, as ``detail``, the street address."""

    text: str
    place: str | None = None
    detail: str = ""


class WrongAnswers(Refusal):
    """``problems``: what is wrong with which slot, in the operator's language."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("wrong_answers", gettext_noop("Some answers need another look."))
        self.problems = problems


def read_words(script: Script, answers: Mapping[str, Heard], city: City) -> tuple[Answer, ...]:
    """Raises WrongAnswers with every problem, not only the first."""
    language = (get_language() or city.languages[0]).split("-")[0]
    read: list[Answer] = []
    problems: dict[str, str] = {}
    for key, heard in answers.items():
        try:
            slot = script.slot(key)
        except KeyError:
            raise NotFound from None
        is_place = slot.kind is SlotKind.PLACE
        reading = read_as_operator(
            slot,
            text=(heard.detail or heard.text) if is_place else heard.text,
            place=heard.place,
            menu=city.menu,
            language=language if language in city.languages else city.languages[0],
        )
        if isinstance(reading, Problem):
            problems[key] = str(reading)
        elif reading is not None:
            read.append(reading)
            if is_place and not _exists(reading.value):
                problems[key] = gettext("This place is not known. Choose one from the list.")
    if problems:
        raise WrongAnswers(problems)
    return tuple(read)


def _exists(place: str | None) -> bool:
    try:
        places.by_code(place or "")
    except NotFound:
        return False
    return True
