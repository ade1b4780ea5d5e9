"""Which city is current, and the city that a case was taken under."""

from collections.abc import Sequence
from functools import lru_cache

from hotline.core.errors import NotFound
from hotline.domain.city.model import City
from hotline.domain.city.models import CityRefusal, CityVersion


def current() -> tuple[int, City]:
    """The id of the current city version and its city. Raises NotFound before any is loaded."""
    version = current_id()
    if version is None:
        raise NotFound("No city is loaded.")
    return version, city_of(version)


def current_id() -> int | None:
    return CityVersion.objects.filter(current=True).values_list("pk", flat=True).first()


@lru_cache(maxsize=16)
def city_of(version: int) -> City:
    """The city of one version; versions never change. Raises NotFound."""
    row = CityVersion.objects.filter(pk=version).values_list("content", flat=True).first()
    if row is None:
        raise NotFound
    return City.from_content(row)


def refusals(*, limit: int = 5) -> Sequence[CityRefusal]:
    """Changed folders that were not taken since the current version, newest first."""
    current_version = CityVersion.objects.filter(current=True).first()
    found = CityRefusal.objects.order_by("-at")
    if current_version is not None:
        found = found.filter(name=current_version.name, at__gt=current_version.created_at)
    return list(found[:limit])
