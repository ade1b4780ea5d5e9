"""Caller and operator hear each other."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.queue import offers, quick


def talk_began(*, offer: UUID, now: datetime) -> bool:
    """False: the offer is over."""
    if quick.talk_began(offer, now=now):
        return True
    with transaction.atomic():
        found = offers.live(offer)
        return found is not None and offers.talk_began(found, now=now)
