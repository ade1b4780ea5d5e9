"""Writes of contacts: the dialogue's state as it moves on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import F

from hotline.core.errors import NotFound
from hotline.dialogue import codec
from hotline.dialogue.state import State
from hotline.domain.cases.models import Case
from hotline.domain.contacts.models import Contact, ContactKind
from hotline.domain.people.models import Person
from hotline.domain.people.sealing import Erased, Sealer, opened, sealer_of

STATE = "contacts_contact.state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a contact begins with."""

    kind: ContactKind
    city_version: int
    person: Person
    state: State


def open_contact(opening: Opening, *, now: datetime) -> Contact:
    state = opening.state
    return Contact.objects.create(
        kind=opening.kind,
        channel=state.channel,
        language=state.language,
        city_version_id=opening.city_version,
        person=opening.person,
        branch=state.branch or "",
        state=sealed_state(state, sealer_of(opening.person.pk)),
        started_at=now,
    )


def locked(contact: UUID) -> Contact:
    """The contact, held until the transaction ends, so that its events are taken one after
    the other. Raises NotFound."""
    try:
        return (
            Contact.objects.select_for_update(of=("self",)).select_related("person").get(pk=contact)
        )
    except Contact.DoesNotExist:
        raise NotFound from None


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that was told its code, and the sealer of its person."""

    contact: Contact
    state: State
    sealer: Sealer


def locked_ended(contacts: Sequence[UUID]) -> list[Ended]:
    """Of these calls those whose case is still to be written, held until the transaction ends,
    the longest waiting first. What somebody else holds or nobody can read is left out."""
    rows = (
        Contact.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("person")
        .annotate(wrapped=F("person__key__wrapped"))
        .filter(pk__in=contacts, case=None, ended_at__isnull=False)
        .exclude(promised_code="")
        .order_by("ended_at")
    )
    return [ended for row in rows if (ended := _ended(row, row.wrapped)) is not None]


def _ended(row: Contact, wrapped: bytes | memoryview | None) -> Ended | None:
    try:
        sealer = opened(row.person_id, bytes(wrapped)) if wrapped is not None else None
        return Ended(row, state_of(row, sealer=sealer), sealer) if sealer else None
    except Erased:
        return None


def state_of(contact: Contact, *, sealer: Sealer | None = None) -> State:
    """Raises people.sealing.Erased."""
    opener = sealer or sealer_of(contact.person_id)
    return codec.load(orjson.loads(opener.unseal(contact.state, where=STATE)))


def move(
    contact: Contact, state: State, *, sealer: Sealer, consent_version: str, now: datetime
) -> None:
    """One more event was taken: ``state`` is where the dialogue stands now. Consent is kept
    as it was first given, with the version of the text and the time."""
    contact.state = sealed_state(state, sealer)
    contact.step += 1
    contact.branch = state.branch or ""
    if state.consent is not contact.consent:
        contact.consent = state.consent
        contact.consent_version = consent_version
        contact.consent_at = now
    if state.outcome is not None and contact.ended_at is None:
        contact.outcome = state.outcome
        contact.reason = state.reason
        contact.ended_at = now
    contact.save()


def forget_promise(contact: Contact) -> None:
    """Nothing can come of the code any more."""
    contact.promised_code = ""
    contact.save(update_fields=["promised_code"])


def attach(contact: Contact, case: Case) -> None:
    """The contact feeds this case."""
    contact.case = case
    contact.save(update_fields=["case"])


def attach_all(cases: Mapping[UUID, int]) -> None:
    """Each contact feeds its case (by id), in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_contact c SET case_id = fed.case_id"
            " FROM unnest(%s::uuid[], %s::bigint[]) AS fed (contact_id, case_id)"
            " WHERE c.id = fed.contact_id",
            [list(cases), list(cases.values())],
        )


def overwrite(contact: Contact, state: State) -> None:
    """Replaces what the contact remembers, without a step of the dialogue."""
    contact.state = sealed_state(state, sealer_of(contact.person_id))
    contact.save(update_fields=["state"])


def note_consent(contact: Contact, *, given: bool | None, version: str, now: datetime) -> None:
    """As somebody else than the dialogue learned it."""
    contact.consent, contact.consent_version, contact.consent_at = given, version, now
    contact.save(update_fields=["consent", "consent_version", "consent_at"])


def sealed_state(state: State, sealer: Sealer) -> bytes:
    """As a contact keeps it."""
    return sealer.seal(orjson.dumps(codec.dump(state)), where=STATE)
