"""A citizen adds a photo to a report."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.contacts import photos, services
from hotline.domain.contacts.images import Location, clean


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoTaken:
    """``location`` stood in the photo's metadata: offer to keep it (``keep_photo_location``);
    otherwise it is forgotten when the report is sent."""

    id: UUID
    location: Location | None


def attach_photo(*, contact: UUID, content: bytes, now: datetime) -> PhotoTaken:
    """Kept is a JPEG of at most 2048 pixels a side without metadata. Raises NotFound, Refusal
    (``photo_too_large``, ``photo_unreadable``, ``photo_heic``, ``photo_too_many_pixels``,
    ``too_many_photos``, ``ended``)."""
    photo = clean(content)
    with transaction.atomic():
        row = photos.attach(contact=services.locked(contact), photo=photo, now=now)
        return PhotoTaken(id=row.pk, location=photo.location)
