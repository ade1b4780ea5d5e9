"""Writes of the history."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractUser

from hotline.domain.history.models import Entry

Code = str | int | bool | None


def record(
    *,
    at: datetime,
    verb: str,
    subject: str,
    actor: AbstractUser | None = None,
    detail: Mapping[str, Code] | None = None,
) -> None:
    """``subject`` is ``kind:id``; ``detail`` holds codes, never a person's data."""
    Entry.objects.create(
        at=at,
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject=subject,
        detail=dict(detail or {}),
    )
