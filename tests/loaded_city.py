"""A city of ``cities/`` in the test database."""

from datetime import UTC, datetime
from pathlib import Path

from hotline.domain.city import selectors
from hotline.domain.city.model import City
from hotline.usecases.publish_city import publish_city

CITIES = Path(__file__).parents[1] / "cities"
LOADED_AT = datetime(2021, 7, 1, tzinfo=UTC)


def load(name: str) -> City:
    """The city ``name``, current from now on; its prompts are not rendered."""
    published = publish_city(cities=CITIES, name=name, with_voice=False, now=LOADED_AT)
    assert not published.problems, published.problems
    return selectors.current()[1]
