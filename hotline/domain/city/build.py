"""From the content of a checked folder to a ``City``."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from hotline.dialogue.script import Script
from hotline.domain.city.folder import RECORDINGS
from hotline.domain.city.model import Calendar, City, CityAgency, Holiday, Recording
from hotline.domain.city.schema import (
    AgenciesFile,
    AgencyLine,
    BranchesFile,
    CalendarFile,
    CategoriesFile,
    CityFile,
    PromisesFile,
    RecordingsFile,
    RoutingFile,
    ScriptFile,
)


def script_of(data: Any) -> Script:
    """Raises pydantic's ValidationError."""
    return ScriptFile.model_validate({"script": data}).script


def build_city(content: Mapping[str, Any]) -> City:
    """Raises pydantic's ValidationError for content that never passed the check."""
    file = CityFile.model_validate(content["city.yaml"])
    branches = BranchesFile.model_validate(content["branches.yaml"]).branches
    scripts = [script_of(content[name]) for name in content if name.startswith("scripts/")]
    return City(
        name=file.name,
        title=file.title,
        languages=file.languages,
        time_zone=ZoneInfo(file.time_zone),
        voices=file.voices,
        callback_minutes=file.callback_minutes,
        emergency=file.emergency_numbers,
        contact=file.contact,
        places=file.places,
        menu=replace(file.menu, branches=branches),
        scripts={script.key: script for script in scripts},
        categories=CategoriesFile.model_validate(content["categories.yaml"]).categories,
        agencies=tuple(
            _agency(line) for line in AgenciesFile.model_validate(content["agencies.yaml"]).agencies
        ),
        rules=RoutingFile.model_validate(content["routing.yaml"]).rules,
        promises=PromisesFile.model_validate(content["promises.yaml"]).promises,
        calendar=_calendar(CalendarFile.model_validate(content["calendar.yaml"])),
        recordings=_recordings(content),
        call_backs=file.call_backs,
        dangers=file.dangers,
    )


def _recordings(content: Mapping[str, Any]) -> tuple[Recording, ...]:
    if RECORDINGS not in content:
        return ()
    return RecordingsFile.model_validate(content[RECORDINGS]).recordings


def _agency(line: AgencyLine) -> CityAgency:
    return CityAgency(
        code=line.code,
        name=line.name,
        kind=line.kind,
        level=line.level,
        serves=None if line.serves == "all" else line.serves,
        hotline=line.hotline,
        observer=line.observer,
    )


def _calendar(file: CalendarFile) -> Calendar:
    return Calendar(
        service=file.service,
        working_hours=file.working_hours.by_weekday(),
        holidays=tuple(
            Holiday(first=day.first, last=day.last, name=day.name) for day in file.holidays
        ),
    )
