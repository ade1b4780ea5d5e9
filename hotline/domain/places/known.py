"""What the check of a city must know of the places that it loads."""

import datetime as dt

from hotline.domain.city.model import PlacesPlan
from hotline.domain.city.shapes import KnownPlaces
from hotline.domain.places import provider
from hotline.domain.places.provider import Unit


def known_places(plan: PlacesPlan, *, today: dt.date) -> KnownPlaces:
    """Reads the units of the plan; the database is not asked."""
    units = provider.load(provinces=plan.provinces, units=plan.units)
    in_use = [unit for unit in units if _existed(unit, plan.in_use_on or today)]
    parents = {unit.parent for unit in in_use}
    return KnownPlaces(
        provinces=provider.provinces(),
        names={unit.code: unit.name for unit in units},
        smallest=frozenset(unit.code for unit in in_use if unit.code not in parents),
    )


def _existed(unit: Unit, day: dt.date) -> bool:
    since = unit.valid_from is None or unit.valid_from <= day
    return since and (unit.valid_to is None or day < unit.valid_to)
