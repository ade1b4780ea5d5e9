"""Guarded reads of personal data. Whoever shows what these give writes it to the history."""

from uuid import UUID

from hotline.domain.people.models import Person
from hotline.domain.people.sealing import Erased, blind_index, sealer_of
from hotline.domain.people.services import NAME, PHONE


def phone_of(person: Person) -> str | None:
    """The number in E.164; None if there is none or it was erased."""
    return _read(person, person.phone, PHONE)


def name_of(person: Person) -> str | None:
    """None if there is none or it was erased."""
    return _read(person, person.name, NAME)


def index_of(number: str) -> bytes:
    """The blind index of a number in E.164."""
    return blind_index(number)


def with_number(number: str) -> Person | None:
    return Person.objects.filter(phone_index=blind_index(number)).first()


def erased(person: UUID) -> bool:
    return not Person.objects.filter(pk=person, key__isnull=False).exists()


def _read(person: Person, blob: bytes | memoryview | None, where: str) -> str | None:
    if blob is None:
        return None
    try:
        return sealer_of(person.pk).text(blob, where=where)
    except Erased:
        return None
