"""A third party answered."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.queue import legs


def leg_up(*, leg: UUID, now: datetime) -> bool:
    """False: the leg is over, or was up already."""
    with transaction.atomic():
        found = legs.live(leg)
        return found is not None and legs.up(found, now=now)
