"""A person is forgotten."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.core.errors import NotFound
from hotline.domain.accounts.models import User
from hotline.domain.contacts import services as contacts
from hotline.domain.contacts.selectors import contacts_of_reporter
from hotline.domain.history.services import record
from hotline.domain.people import services as people
from hotline.domain.people.models import Person
from hotline.domain.people.sealing import Erased


def erase_person(*, person: UUID, actor: User | None, now: datetime) -> None:
    """Destroys the person's key, and those of the forms and calls without a number that fed
    their cases; what others said for them from numbers of their own loses its answers. Cases,
    dates and the history stay, without a word that anybody could read. Raises NotFound."""
    with transaction.atomic():
        found = Person.objects.select_for_update().filter(pk=person).first()
        if found is None:
            raise NotFound
        for contact in contacts_of_reporter(found):
            if contact.person.phone_index is None:
                people.erase(contact.person)
                continue
            try:
                state = contacts.state_of(contact)
            except Erased:
                continue
            contacts.overwrite(contact, replace(state, answers={}, callback_number=None))
        people.erase(found)
        record(at=now, verb="erase_person", subject=f"person:{found.pk}", actor=actor)
