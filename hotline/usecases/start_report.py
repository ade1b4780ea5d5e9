"""Somebody opens the report form."""

from datetime import datetime

from django.db import transaction

from hotline.core.errors import NotFound
from hotline.dialogue.begin import begin
from hotline.dialogue.script import Channel
from hotline.domain.city import selectors as cities
from hotline.domain.contacts import services
from hotline.domain.contacts.models import ContactKind
from hotline.domain.people import services as people
from hotline.usecases.present import present
from hotline.usecases.turn import Turn


def start_report(*, branch: str, language: str, now: datetime) -> Turn:
    """The first page of a branch's script. Nothing is known of the person yet. Raises
    NotFound for a branch that has no script."""
    with transaction.atomic():
        version, city = cities.current()
        found = city.menu.branch(branch)
        if found is None or found.script is None:
            raise NotFound
        state = begin(
            channel=Channel.WEB,
            language=language if language in city.languages else city.languages[0],
            branch=branch,
            book=city.book,
        )
        contact = services.open_contact(
            services.Opening(
                kind=ContactKind.SUBMISSION,
                city_version=version,
                person=people.anonymous(now=now),
                state=state,
            ),
            now=now,
        )
        return present(contact, state)
