"""A citizen lets the place that a photo holds be part of the report."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.contacts import photos, services


def keep_photo_location(*, contact: UUID, photo: UUID, now: datetime) -> None:  # noqa: ARG001
    """Raises NotFound for somebody else's photo, Refusal ``ended``."""
    with transaction.atomic():
        row = services.locked(contact)
        photos.require_open(row)
        photos.keep_location(photos.of_contact(row, photo))
