"""A city of ``cities/`` in the test database."""

from datetime import UTC, datetime
from pathlib import Path

from hotline.domain.agencies.models import Agency
from hotline.domain.city import selectors
from hotline.domain.city.folder import digest, read_folder
from hotline.domain.city.model import City
from hotline.domain.city.models import CityVersion
from hotline.domain.places import provider, services

CITIES = Path(__file__).parents[1] / "cities"
LOADED_AT = datetime(2021, 7, 1, tzinfo=UTC)


def load(name: str) -> City:
    """The city ``name``, current from now on."""
    content = read_folder(CITIES / name).content()
    city = City.from_content(content)
    units = provider.load(provinces=city.places.provinces, units=city.places.units)
    services.sync_places(units=units, aliases=city.places.aliases)
    for agency in city.agencies:
        Agency.objects.update_or_create(
            code=agency.code,
            defaults={"name": agency.name, "kind": agency.kind, "hotline": agency.hotline},
        )
    CityVersion.objects.filter(current=True).update(current=False)
    CityVersion.objects.create(
        name=name,
        digest=digest(CITIES / name),
        content=content,
        created_at=LOADED_AT,
        current=True,
    )
    return selectors.current()[1]
