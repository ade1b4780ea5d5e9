"""categories.yaml, agencies.yaml, calendar.yaml and the plan of places."""

import re

from django.utils.translation import gettext as _

from hotline.domain.city.model import Units
from hotline.domain.city.shapes import KnownPlaces, Shapes

CITY = "city.yaml"
CATEGORIES = "categories.yaml"
AGENCIES = "agencies.yaml"
CALENDAR = "calendar.yaml"
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
NUMBER = re.compile(r"\+?\d{3,15}")
SHOWN = 5  # names of places in a sentence


def check(shapes: Shapes, places: KnownPlaces | None) -> None:
    _check_categories(shapes)
    _check_agencies(shapes, places)
    _check_plan(shapes, places)
    _check_calendar(shapes)


def _check_categories(shapes: Shapes) -> None:
    if shapes.categories is None:
        return
    seen: set[str] = set()
    for index, category in enumerate(shapes.categories.categories):
        path = ("categories", index, "key")
        if not KEY.fullmatch(category.key):
            shapes.folder.complain(
                CATEGORIES,
                path,
                _("“%(name)s” may hold small letters without accents, digits, - and _ only.")
                % {"name": "key"},
            )
        if category.key in seen:
            shapes.folder.complain(
                CATEGORIES,
                path,
                _("Two categories have the name “%(key)s”.") % {"key": category.key},
            )
        seen.add(category.key)


def _check_agencies(shapes: Shapes, places: KnownPlaces | None) -> None:
    if shapes.agencies is None:
        return
    seen: set[str] = set()
    served: dict[tuple[str, str], str] = {}
    complain = shapes.folder.complain
    for index, agency in enumerate(shapes.agencies.agencies):
        path = ("agencies", index)
        if agency.code in seen:
            complain(
                AGENCIES,
                (*path, "code"),
                _("Two agencies have the code “%(code)s”.") % {"code": agency.code},
            )
        seen.add(agency.code)
        if agency.hotline and not NUMBER.fullmatch(agency.hotline):
            complain(
                AGENCIES,
                (*path, "hotline"),
                _("A telephone number holds 3 to 15 digits and nothing else."),
            )
        if agency.serves == "all":
            continue
        if not agency.serves:
            complain(
                AGENCIES, (*path, "serves"), _("Name the places that the agency serves, or “all”.")
            )
        for number, code in enumerate(agency.serves):
            here = (*path, "serves", number)
            if places is not None and code not in places.names:
                complain(AGENCIES, here, no_place(code))
            other = served.setdefault((agency.kind, code), agency.code)
            if other != agency.code:
                complain(
                    AGENCIES,
                    here,
                    _("The agency “%(other)s” of the same kind serves this place already.")
                    % {"other": other},
                )


def no_place(code: str) -> str:
    return _("This city has no place with the code “%(code)s”.") % {"code": code}


def _check_plan(shapes: Shapes, places: KnownPlaces | None) -> None:
    if shapes.city is None or places is None:
        return
    plan, complain = shapes.city.places, shapes.folder.complain
    if not plan.provinces:
        complain(CITY, ("places", "provinces"), _("Name at least one province."))
    for index, province in enumerate(plan.provinces):
        if province not in places.provinces:
            complain(
                CITY,
                ("places", "provinces", index),
                _("There is no province with the code “%(code)s”.") % {"code": province},
            )
    if not plan.units:
        complain(
            CITY,
            ("places", "units"),
            _("Name the units to load: %(units)s.") % {"units": ", ".join(Units)},
        )
    for code in plan.aliases:
        if code not in places.names:
            complain(CITY, ("places", "aliases", code), no_place(code))
    if places.names and not places.smallest:
        complain(
            CITY,
            ("places", "in_use_on"),
            _("On this day none of the loaded places existed. Units changed on 2025-07-01."),
        )


def _check_calendar(shapes: Shapes) -> None:
    if shapes.calendar is None:
        return
    hours = shapes.calendar.working_hours
    for day in type(hours).model_fields:
        end = None
        for index, (start, stop) in enumerate(getattr(hours, day)):
            path = ("working_hours", day, index)
            if start >= stop:
                shapes.folder.complain(CALENDAR, path, _("The end lies before the beginning."))
            elif end is not None and start < end:
                shapes.folder.complain(
                    CALENDAR, path, _("These hours overlap with the ones before.")
                )
            end = stop
    for index, holiday in enumerate(shapes.calendar.holidays):
        if holiday.first > holiday.last:
            shapes.folder.complain(
                CALENDAR, ("holidays", index), _("The end lies before the beginning.")
            )
