"""Writes of people."""

from datetime import datetime

from django.db import IntegrityError, transaction

from hotline.domain.people.models import Person, PersonKey
from hotline.domain.people.sealing import blind_index, create_key, sealer_of

PHONE = "people_person.phone"
NAME = "people_person.name"


def person_for_number(*, number: str, now: datetime) -> Person:
    """The person of a number (E.164): the same number is the same person."""
    index = blind_index(number)
    if found := Person.objects.filter(phone_index=index).first():
        return found
    try:
        with transaction.atomic():
            person = Person.objects.create(created_at=now, phone_index=index)
            person.phone = create_key(person.pk).seal(number, where=PHONE)
            person.save(update_fields=["phone"])
            return person
    except IntegrityError:  # the same number came in twice at the same moment
        return Person.objects.get(phone_index=index)


def anonymous(*, now: datetime) -> Person:
    """Somebody of whom nothing is known yet."""
    person = Person.objects.create(created_at=now)
    create_key(person.pk)
    return person


def give_number(*, person: Person, number: str, now: datetime) -> Person:
    """The person whom ``number`` belongs to: ``person`` itself if it had no number and nobody
    else has this one (it then has it), else the number's own person."""
    if person.phone_index is not None:
        return person_for_number(number=number, now=now)
    try:
        with transaction.atomic():
            person.phone_index = blind_index(number)
            person.phone = sealer_of(person.pk).seal(number, where=PHONE)
            person.save(update_fields=["phone_index", "phone"])
            return person
    except IntegrityError:
        person.refresh_from_db()
        return person_for_number(number=number, now=now)


def give_name(*, person: Person, name: str) -> None:
    """Keeps the first name that was given: a form with somebody's number does not rename."""
    if person.name is None and name:
        person.name = sealer_of(person.pk).seal(name, where=NAME)
        person.save(update_fields=["name"])


def erase(person: Person) -> None:
    """Destroys the person's key: every value sealed under it is unreadable from now on,
    and the number no longer leads here."""
    PersonKey.objects.filter(person=person).delete()
    Person.objects.filter(pk=person.pk).update(name=None, phone=None, phone_index=None)
