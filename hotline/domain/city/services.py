"""City versions and refusals are written here; versions never change."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from hotline.domain.city.folder import Problem
from hotline.domain.city.models import CityRefusal, CityVersion

_LOCK = 1022  # the advisory lock under which cities are switched


def make_current(
    *, name: str, digest: str, content: Mapping[str, Any], now: datetime
) -> tuple[CityVersion, bool]:
    """Inside the caller's transaction: the version of this digest (new, or the one that
    exists) becomes the current one; says whether anything changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    version, new = CityVersion.objects.get_or_create(
        name=name, digest=digest, defaults={"content": content, "created_at": now}
    )
    if version.current:
        return version, new
    CityVersion.objects.filter(current=True).update(current=False)
    version.current = True
    version.save(update_fields=["current"])
    return version, True


def refuse(*, name: str, digest: str, problems: Iterable[Problem], now: datetime) -> None:
    """Keeps what is wrong with a folder, once a digest, for those who look."""
    CityRefusal.objects.update_or_create(
        digest=digest,
        defaults={
            "name": name,
            "at": now,
            "problems": [
                {"file": problem.file, "line": problem.line, "sentence": problem.sentence}
                for problem in problems
            ],
        },
    )


def forgive(*, name: str) -> None:
    """The folder is right again: what was wrong with it is no longer shown."""
    CityRefusal.objects.filter(name=name).delete()
