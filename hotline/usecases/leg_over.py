"""A third party is gone, or was never reached."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.queue import legs


def leg_over(*, leg: UUID, result: str, now: datetime) -> bool:
    """``result``: answered (they spoke, and hung up), busy, no_answer, failed, cancelled. A
    caller who was sent out alone and found nobody waits again. False: it was over."""
    with transaction.atomic():
        found = legs.live(leg)
        return found is not None and legs.over(found, result=result, now=now)
