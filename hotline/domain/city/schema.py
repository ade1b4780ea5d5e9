"""The shape of each file of a city's folder. What the dialogue and the model already
describe is validated as it is; only what clerks write differently has a shape of its own."""

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from hotline.dialogue.script import Branch, Menu, Script, Wording
from hotline.domain.city.model import (
    CallBackRules,
    Category,
    ContactWays,
    Danger,
    Emergency,
    PlacesPlan,
    Promise,
    Recording,
    Rule,
)

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]


def _without_branches(value: Any) -> Any:
    """The menu's branches stand in a file of their own."""
    if not isinstance(value, dict):
        return value
    if "branches" in value:
        raise ValueError("branches")
    return {**value, "branches": []}


def _span(value: Any) -> Any:
    found = re.fullmatch(r"(\d{2}:\d{2})-(\d{2}:\d{2})", value) if isinstance(value, str) else None
    if not found:
        raise ValueError("span")
    return found.groups()


Span = Annotated[tuple[dt.time, dt.time], BeforeValidator(_span)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CityFile(Shape):
    name: Key
    title: Wording
    languages: tuple[str, ...]
    time_zone: str
    voices: dict[str, str] = {}
    emergency_numbers: tuple[Emergency, ...]
    contact: ContactWays
    callback_minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)] = 30
    call_backs: CallBackRules = CallBackRules()
    dangers: tuple[Danger, ...] = ()
    places: PlacesPlan
    menu: Annotated[Menu, BeforeValidator(_without_branches)]


class BranchesFile(Shape):
    branches: tuple[Branch, ...]


class CategoriesFile(Shape):
    categories: tuple[Category, ...]


class AgencyLine(Shape):
    code: Key
    name: Wording
    kind: Key
    level: Literal["city", "district", "ward"]
    serves: Literal["all"] | tuple[str, ...]
    hotline: str = ""
    observer: bool = False


class AgenciesFile(Shape):
    agencies: tuple[AgencyLine, ...]


class RoutingFile(Shape):
    rules: tuple[Rule, ...]


class PromisesFile(Shape):
    promises: tuple[Promise, ...]


class HolidayLine(Shape):
    first: dt.date = Field(alias="from")
    last: dt.date = Field(alias="to")
    name: Wording


class WorkingHours(Shape):
    monday: tuple[Span, ...] = ()
    tuesday: tuple[Span, ...] = ()
    wednesday: tuple[Span, ...] = ()
    thursday: tuple[Span, ...] = ()
    friday: tuple[Span, ...] = ()
    saturday: tuple[Span, ...] = ()
    sunday: tuple[Span, ...] = ()

    def by_weekday(self) -> dict[int, tuple[tuple[dt.time, dt.time], ...]]:
        """Spans by weekday, 0 is Monday."""
        return {day: getattr(self, name) for day, name in enumerate(type(self).model_fields)}


class CalendarFile(Shape):
    service: Literal["around-the-clock", "working-hours"]
    working_hours: WorkingHours
    holidays: tuple[HolidayLine, ...]


def _text_or_phrase(line: Recording) -> Recording:
    if (line.text is None) == (line.phrase is None):
        raise ValueError("text_or_phrase")
    return line


class RecordingsFile(Shape):
    recordings: tuple[Annotated[Recording, AfterValidator(_text_or_phrase)], ...]


class ScriptFile(Shape):
    """A script's own shape, under the rule that no unknown names may stand in it."""

    script: Script


SHAPES: dict[str, type[Shape]] = {
    "city.yaml": CityFile,
    "branches.yaml": BranchesFile,
    "categories.yaml": CategoriesFile,
    "agencies.yaml": AgenciesFile,
    "routing.yaml": RoutingFile,
    "promises.yaml": PromisesFile,
    "calendar.yaml": CalendarFile,
    "prompts/index.yaml": RecordingsFile,
}
