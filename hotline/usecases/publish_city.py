"""A city's folder becomes the current city version, or is refused and the old one stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.core.errors import AdapterError
from hotline.domain.agencies.services import sync_agencies
from hotline.domain.city import services
from hotline.domain.city.folder import Problem, digest
from hotline.domain.city.model import City
from hotline.domain.history.services import record
from hotline.domain.places import provider
from hotline.domain.places.services import sync_places
from hotline.usecases.check_city import check_city
from hotline.usecases.prepare_prompts import prepare_prompts


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """``version``: id of the city version, None if the folder was refused. ``changed``:
    whether the current city is another one now. ``rendered``: prompts that were made.
    ``again``: the fault lies outside of the folder; trying again may help."""

    version: int | None
    changed: bool = False
    rendered: int = 0
    problems: tuple[Problem, ...] = ()
    again: bool = False


def publish_city(
    *,
    cities: Path,
    name: str,
    with_voice: bool,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Published:
    """Checks ``cities/name``, prepares its prompts (``with_voice``) and publishes it. The
    same content twice gives one version."""
    folder = cities / name
    checked = check_city(cities=cities, name=name, now=now)
    if checked.problems:
        return _refuse(folder, checked.problems, now, again=False)
    known_as = digest(folder)
    city = City.from_content(checked.content)
    try:
        rendered = prepare_prompts(city=city, folder=folder, progress=progress) if with_voice else 0
    except AdapterError as error:
        sentence = _("The prompts could not be made: %(why)s") % {"why": error}
        return _refuse(folder, (Problem("prompts", 0, sentence),), now, again=True)
    units = provider.load(provinces=city.places.provinces, units=city.places.units)
    with transaction.atomic():
        version, changed = services.make_current(
            name=name, digest=known_as, content=checked.content, now=now
        )
        services.forgive(name=name)
        sync_agencies(agencies=city.agencies)
        sync_places(units=units, aliases=city.places.aliases)
        if changed:
            record(at=now, verb="city_published", subject=f"city:{version.pk}")
    return Published(version=version.pk, changed=changed, rendered=rendered)


def _refuse(
    folder: Path, problems: tuple[Problem, ...], now: datetime, *, again: bool
) -> Published:
    if folder.is_dir():
        services.refuse(name=folder.name, digest=digest(folder), problems=problems, now=now)
    return Published(version=None, problems=problems, again=again)
