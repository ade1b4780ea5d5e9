"""Caller, operator and third party speak with each other."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.queue.models import Leg, LegPurpose, LegState


def share_leg(*, leg: UUID, now: datetime) -> bool:  # noqa: ARG001 - as every use case of the line
    """From asking the third party alone to all three. False: they are not on the line."""
    with transaction.atomic():
        return bool(
            Leg.objects.filter(
                pk=leg,
                state=LegState.UP,
                purpose__in=(LegPurpose.CONSULT, LegPurpose.THREE_WAY),
            ).update(purpose=LegPurpose.THREE_WAY)
        )
