"""Guarded reads of contacts, their recordings and photos."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from hotline.core.errors import NotFound
from hotline.domain.accounts.models import User
from hotline.domain.accounts.roles import at_the_desk
from hotline.domain.cases.models import Case, CaseAnswer, Stage
from hotline.domain.cases.selectors import case_for, contact_visible
from hotline.domain.contacts.images import Location
from hotline.domain.contacts.models import Contact, ContactKind, Photo, Recording, RecordingState
from hotline.domain.contacts.photos import location_of
from hotline.domain.people.models import Person
from hotline.domain.people.sealing import Erased


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSeen:
    """A recording that this user may hear. ``lost``: there is no sound any more."""

    id: UUID
    slot: str
    seconds: float
    created_at: datetime
    lost: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSeen:
    """``located``: the photo holds a place; ``location_kept``: the person keeps it.
    ``location``: where it was taken, for staff and only if it was kept."""

    id: UUID
    width: int
    height: int
    located: bool
    location_kept: bool
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LostRecording:
    """A recording whose sound is gone, for those who must ring back."""

    id: UUID
    created_at: datetime
    slot: str
    case_code: str | None


def forms_left_since(moment: datetime, *, most: int) -> list[UUID]:
    """Forms that were begun before ``moment`` and never sent, the oldest first."""
    left = Contact.objects.filter(kind=ContactKind.SUBMISSION, ended_at=None, started_at__lt=moment)
    return list(left.order_by("started_at").values_list("pk", flat=True)[:most])


def promised(*, most: int) -> list[UUID]:
    """Calls whose caller was told a code and whose case is still to be written, the oldest
    first."""
    waiting = Contact.objects.filter(case=None, ended_at__isnull=False).exclude(promised_code="")
    return list(waiting.order_by("ended_at").values_list("pk", flat=True)[:most])


def spooled(*, most: int) -> list[UUID]:
    """Recordings that still lie in clear beside the switchboard, the oldest first."""
    rows = Recording.objects.filter(state=RecordingState.SPOOLED)
    return list(rows.order_by("created_at").values_list("pk", flat=True)[:most])


def contact_by_id(contact: UUID) -> Contact:
    """Raises NotFound."""
    try:
        return Contact.objects.select_related("person", "case").get(pk=contact)
    except Contact.DoesNotExist:
        raise NotFound from None


def contacts_of_reporter(person: Person) -> tuple[Contact, ...]:
    """Contacts of somebody else that fed this person's cases."""
    rows = Contact.objects.filter(case__reporter=person).exclude(person=person)
    return tuple(rows.select_related("person"))


def open_case_of(number_index: bytes) -> Case | None:
    """The newest case of this number that is not resolved: its reporter has the number, or
    somebody rang from it."""
    reported = Case.objects.filter(reporter__phone_index=number_index)
    rung = Case.objects.filter(contacts__person__phone_index=number_index)
    found = reported.exclude(stage=Stage.RESOLVED).union(rung.exclude(stage=Stage.RESOLVED))
    return found.order_by("-created_at").first()


def recordings_of_case(user: User, case: Case) -> tuple[RecordingSeen, ...]:
    """Oldest first; of an answer that was given again only the last. Empty for those who may
    not hear them (yet)."""
    if not contact_visible(user, case):
        return ()
    rows = Recording.objects.filter(contact__case=case).order_by("contact__started_at", "step")
    last = {(row.contact_id, row.slot): row for row in rows}
    return tuple(
        RecordingSeen(
            id=row.pk,
            slot=row.slot,
            seconds=row.seconds,
            created_at=row.created_at,
            lost=row.state == RecordingState.LOST,
        )
        for row in rows
        if last[row.contact_id, row.slot] is row
    )


def recording_for(user: User, recording: UUID) -> Recording:
    """Raises NotFound for a recording that this user may not hear."""
    try:
        row = Recording.objects.select_related("contact__case").get(pk=recording)
    except Recording.DoesNotExist:
        raise NotFound from None
    _require_hearing(user, row.contact)
    return row


def photos_of_contact(contact: UUID) -> tuple[PhotoSeen, ...]:
    """The photos that a person has attached to their own report."""
    rows = Photo.objects.filter(contact=contact).order_by("created_at")
    return tuple(_seen_photo(row) for row in rows)


def photos_of_case(user: User, case: Case) -> tuple[PhotoSeen, ...]:
    if not contact_visible(user, case):
        return ()
    rows = Photo.objects.filter(contact__case=case).select_related("contact")
    return tuple(
        replace(_seen_photo(row), location=_kept_location(row))
        for row in rows.order_by("created_at")
    )


def photo_for(user: User, photo: UUID) -> Photo:
    """Raises NotFound for a photo that this user may not see."""
    try:
        row = Photo.objects.select_related("contact__case").get(pk=photo)
    except Photo.DoesNotExist:
        raise NotFound from None
    _require_hearing(user, row.contact)
    return row


def lost_recordings(*, limit: int = 20) -> tuple[LostRecording, ...]:
    """Those that nobody has made up for, newest first: once an operator has written down what
    was asked again, the loss is mended."""
    mended = CaseAnswer.objects.filter(recording=OuterRef("pk"), value__isnull=False)
    rows = Recording.objects.filter(~Exists(mended), state=RecordingState.LOST).select_related(
        "contact__case"
    )
    return tuple(
        LostRecording(
            id=row.pk,
            created_at=row.created_at,
            slot=row.slot,
            case_code=row.contact.case.code if row.contact.case else None,
        )
        for row in rows.order_by("-created_at")[:limit]
    )


def _require_hearing(user: User, contact: Contact) -> None:
    if contact.case is None:
        if not at_the_desk(user):
            raise NotFound
    elif not contact_visible(user, case_for(user, contact.case.code)):
        raise NotFound


def _seen_photo(row: Photo) -> PhotoSeen:
    return PhotoSeen(
        id=row.pk,
        width=row.width,
        height=row.height,
        located=row.location is not None,
        location_kept=row.location_kept,
    )


def _kept_location(row: Photo) -> Location | None:
    try:
        return location_of(row) if row.location_kept else None
    except Erased:
        return None
