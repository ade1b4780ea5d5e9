"""An operator took the call that rang."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.queue import offers, quick


def operator_answered(*, offer: UUID, now: datetime) -> bool:
    """False: the offer is over, their phone is to be hung up."""
    if quick.answered(offer, now=now):
        return True
    with transaction.atomic():
        found = offers.live(offer)
        return found is not None and offers.answered(found, now=now)
