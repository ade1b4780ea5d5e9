"""Somebody looks at a photo."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from hotline.core.errors import NotFound, Refusal
from hotline.domain.accounts.models import User
from hotline.domain.contacts import photos, selectors
from hotline.domain.contacts.models import Photo
from hotline.domain.history.services import record
from hotline.domain.people.sealing import Erased


def view_photo(*, user: User, photo: UUID, now: datetime) -> bytes:
    """The JPEG, for staff. Each look stands in the history. Raises NotFound, Refusal
    (``erased``)."""
    row = selectors.photo_for(user, photo)
    record(
        at=now,
        verb="view_photo",
        subject=f"photo:{row.pk}",
        actor=user,
        detail={"case": row.contact.case.code if row.contact.case else None},
    )
    return _picture(row)


def view_own_photo(*, contact: UUID, photo: UUID) -> bytes:
    """The JPEG, for the person who is writing the report. Raises NotFound, Refusal."""
    return _picture(photos.of_contact(selectors.contact_by_id(contact), photo))


def _picture(photo: Photo) -> bytes:
    try:
        return photos.picture(photo)
    except FileNotFoundError:
        raise NotFound from None
    except Erased:
        raise Refusal("erased", gettext_noop("The data of this person was erased.")) from None
