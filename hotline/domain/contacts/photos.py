"""Photos of a report, sealed like everything that a person gives."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_noop

from hotline.core.errors import NotFound, Refusal
from hotline.domain.contacts import media
from hotline.domain.contacts.images import CleanPhoto, Location
from hotline.domain.contacts.models import Contact, Photo
from hotline.domain.people.sealing import sealer_of

MOST = 5
LOCATION = "contacts_photo.location"


def attach(*, contact: Contact, photo: CleanPhoto, now: datetime) -> Photo:
    """Raises Refusal ``too_many_photos`` for the sixth, ``ended`` once the report is sent.
    The caller holds the contact's lock."""
    require_open(contact)
    if contact.photos.count() >= MOST:
        raise Refusal(
            "too_many_photos", gettext_noop("A report takes five photos. Remove one first.")
        )
    sealer = sealer_of(contact.person_id)
    new = uuid.uuid4()
    location = photo.location
    return Photo.objects.create(
        id=new,
        contact=contact,
        created_at=now,
        file=media.write(new, photo.jpeg, sealer=sealer),
        width=photo.width,
        height=photo.height,
        location=sealer.seal(f"{location.latitude},{location.longitude}", where=LOCATION)
        if location
        else None,
    )


def of_contact(contact: Contact, photo: uuid.UUID) -> Photo:
    """Raises NotFound for somebody else's photo."""
    try:
        return contact.photos.get(pk=photo)
    except Photo.DoesNotExist:
        raise NotFound from None


def keep_location(photo: Photo) -> None:
    photo.location_kept = True
    photo.save(update_fields=["location_kept"])


def forget_locations(contact: Contact) -> None:
    """What was offered and not taken goes when the report is sent."""
    contact.photos.filter(location_kept=False).update(location=None)


def location_of(photo: Photo) -> Location | None:
    """Raises people.sealing.Erased."""
    if photo.location is None:
        return None
    text = sealer_of(photo.contact.person_id).text(photo.location, where=LOCATION) or ""
    latitude, longitude = text.split(",")
    return Location(float(latitude), float(longitude))


def picture(photo: Photo) -> bytes:
    """The JPEG. Raises OSError, people.sealing.Erased."""
    return media.read(photo.pk, photo.file, sealer=sealer_of(photo.contact.person_id))


def require_open(contact: Contact) -> None:
    if contact.ended_at is not None:
        raise Refusal("ended", gettext_noop("This report was sent already."))
