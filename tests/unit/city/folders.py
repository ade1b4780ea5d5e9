"""Copies of a shipped city to break."""

import datetime as dt
import shutil
from functools import cache, partial
from pathlib import Path

from hotline.domain.city.check import Checked, check_folder
from hotline.domain.city.model import PlacesPlan
from hotline.domain.city.shapes import KnownPlaces
from hotline.domain.places import provider
from hotline.domain.places.known import known_places

CITIES = Path(__file__).parents[3] / "cities"
TODAY = dt.date(2026, 11, 22)
SHIPPED = ("hcmc-2021", "hanoi-2021")
NO_PLACES = KnownPlaces(provinces=frozenset(), names={}, smallest=frozenset())


def copy_of(name: str, target: Path) -> Path:
    """A writable copy of ``cities/name`` under ``target``."""
    return shutil.copytree(CITIES / name, target / name)


def check(folder: Path) -> Checked:
    return check_folder(folder, places_of=partial(known_places, today=TODAY))


def check_without_places(folder: Path) -> Checked:
    return check_folder(folder, places_of=_nowhere)


def _nowhere(plan: PlacesPlan) -> KnownPlaces:
    return NO_PLACES


@cache
def all_provinces() -> frozenset[str]:
    return provider.provinces()
