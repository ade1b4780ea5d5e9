"""A citizen takes a photo back before the report is sent."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.core.errors import NotFound
from hotline.domain.contacts import media, photos, services


def remove_photo(*, contact: UUID, photo: UUID, now: datetime) -> None:  # noqa: ARG001
    """Does nothing if it is gone already. Raises NotFound for a contact that does not exist,
    Refusal ``ended`` once the report is sent."""
    with transaction.atomic():
        row = services.locked(contact)
        photos.require_open(row)
        try:
            found = photos.of_contact(row, photo)
        except NotFound:
            return
        place = found.file
        found.delete()
        transaction.on_commit(lambda: media.remove(place))
