"""Is a city's folder right? Every mistake with its file and line."""

import re
from datetime import datetime
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from hotline.domain.city.check import Checked, check_folder
from hotline.domain.city.folder import Problem
from hotline.domain.places.known import known_places

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def check_city(*, cities: Path, name: str, now: datetime) -> Checked:
    """Looks at ``cities/name``. Writes nothing and needs no database."""
    if not NAME.fullmatch(name):
        sentence = _("The name of a city holds small letters without accents, digits and - only.")
        return Checked(content={}, problems=(Problem("", 0, sentence),))
    return check_folder(cities / name, places_of=partial(known_places, today=now.date()))
