"""A city as data: what ``cities/<name>/`` says, frozen.

``City.from_content`` builds it from the content of a city version: the YAML files as plain
data, scalars as strings, exactly as the folder was checked.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from hotline.core.errors import NotFound
from hotline.dialogue.phrases import phrase
from hotline.dialogue.script import Book, Channel, Menu, Script, Wording


class Priority(StrEnum):
    URGENT = "urgent"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a case can be about. ``listen_first``: an operator hears the recording before
    the case goes on."""

    key: str
    label: Wording
    priority: Priority = Priority.NORMAL
    listen_first: bool = False

    @property
    def urgent(self) -> bool:
        return self.priority is Priority.URGENT


@dataclass(frozen=True, slots=True, kw_only=True)
class CityAgency:
    """Who resolves. ``serves``: codes of places, or None for the whole city."""

    code: str
    name: Wording
    kind: str
    level: str
    serves: tuple[str, ...] | None
    hotline: str = ""
    observer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the routing table. It holds for ``categories`` (and inside ``places``, if
    any are named) and gives the ``agency``, or the agency of ``kind`` that serves the place."""

    categories: tuple[str, ...]
    reason: Wording
    places: tuple[str, ...] = ()
    agency: str | None = None
    kind: str | None = None

    @property
    def needs_place(self) -> bool:
        return self.agency is None or bool(self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What was promised. Minutes and days from the moment of receipt; None: not promised."""

    forward_minutes: int
    answer_days: int
    news_minutes: int | None = None
    categories: tuple[str, ...] = ()
    priority: Priority | None = None
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """A number to call when a life is in danger."""

    number: str
    label: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to reach the hotline besides the telephone; ``kind``: web, zalo, app, email."""

    kind: str
    label: Wording
    words: Wording
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWays:
    phone: str
    free_carriers: tuple[str, ...]
    ways: tuple[Way, ...]


class Units(StrEnum):
    """Generations of administrative units: three levels until 30 June 2025, two since."""

    BEFORE_2025 = "before-2025"
    SINCE_2025 = "since-2025"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesPlan:
    """Which places the city loads; ``in_use_on`` is the day whose units people choose from
    (None: the present day)."""

    provinces: tuple[str, ...]
    units: tuple[Units, ...]
    in_use_on: dt.date | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Days off, both ends included."""

    first: dt.date
    last: dt.date
    name: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When offices work: spans of the city's local time by weekday (0 is Monday)."""

    service: str
    working_hours: Mapping[int, tuple[tuple[dt.time, dt.time], ...]]
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackRules:
    """How people are rung back by the queue: at most ``attempts`` times, ``every_minutes``
    apart, within ``hours`` of the city's local time (urgent cases at any hour)."""

    attempts: int = 3
    every_minutes: int = 30
    hours: tuple[str, ...] = ("08:00-21:00",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """Words that mean that a life is in danger, by language, and the number that helps."""

    number: str
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recorded prompt: ``file`` in the folder ``prompts``; ``text`` are the words that it
    speaks, or ``phrase`` is the key of a phrase of the system."""

    file: str
    language: str
    text: str | None = None
    phrase: str | None = None


@dataclass(frozen=True, kw_only=True)
class City:
    """One city version, ready to be asked."""

    name: str
    title: Wording
    languages: tuple[str, ...]
    time_zone: ZoneInfo
    voices: Mapping[str, str]
    callback_minutes: int
    emergency: tuple[Emergency, ...]
    contact: ContactWays
    places: PlacesPlan
    menu: Menu
    scripts: Mapping[str, Script]
    categories: tuple[Category, ...]
    agencies: tuple[CityAgency, ...]
    rules: tuple[Rule, ...]
    promises: tuple[Promise, ...]
    calendar: Calendar
    recordings: tuple[Recording, ...] = ()
    call_backs: CallBackRules = field(default_factory=CallBackRules)
    dangers: tuple[Danger, ...] = ()

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "City":
        """Raises pydantic's ValidationError for content that never passed the check."""
        from hotline.domain.city.build import build_city

        return build_city(content)

    @cached_property
    def book(self) -> Book:
        """What the dialogue needs of the city."""
        return Book(menu=self.menu, scripts=self.scripts)

    @property
    def ways(self) -> tuple[Way, ...]:
        return self.contact.ways

    def category(self, key: str) -> Category:
        """Raises NotFound."""
        for category in self.categories:
            if category.key == key:
                return category
        raise NotFound

    def agency(self, code: str) -> CityAgency:
        """Raises NotFound."""
        for agency in self.agencies:
            if agency.code == code:
                return agency
        raise NotFound

    def is_urgent(self, category: str | None, branch: str | None = None) -> bool:
        """Urgent by its category, or by the branch while the category is not known."""
        if category is not None:
            return self.category(category).urgent
        found = self.menu.branch(branch) if branch is not None else None
        return found is not None and found.urgent

    def promise_for(self, category: str | None) -> Promise:
        """The first promise that names the category, else one for its priority, else the
        default; a city without the right one does not pass the check. Raises NotFound."""
        priority = self.category(category).priority if category is not None else None
        named = [promise for promise in self.promises if category in promise.categories]
        ranked = [promise for promise in self.promises if promise.priority is not None]
        fallback = [promise for promise in self.promises if promise.default]
        fitting = [promise for promise in ranked if promise.priority is priority]
        for promise in (*named, *fitting, *fallback):
            return promise
        raise NotFound

    def recorded(self) -> Mapping[tuple[str, str], str]:
        """The recording's file by (language, text)."""
        return {(line.language, self._recorded_text(line)): line.file for line in self.recordings}

    def _recorded_text(self, line: Recording) -> str:
        if line.phrase is None:
            return line.text or ""
        return phrase(line.phrase, menu=self.menu, language=line.language, channel=Channel.VOICE)

    def places_on(self, now: dt.datetime) -> dt.date:
        """The day whose administrative units are offered."""
        return self.places.in_use_on or now.astimezone(self.time_zone).date()
