"""Somebody rings and was answered."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import override

from hotline.dialogue import phones
from hotline.dialogue.begin import begin
from hotline.dialogue.exchange import Started
from hotline.dialogue.farewell import BLOCKED
from hotline.dialogue.script import Channel
from hotline.dialogue.state import Outcome, Stage, State
from hotline.domain.calls import blocks, web_calls
from hotline.domain.calls import selectors as calls
from hotline.domain.calls import services as call_services
from hotline.domain.cases.models import Case
from hotline.domain.cases.models import Stage as CaseStage
from hotline.domain.cases.stages import said
from hotline.domain.city import selectors as cities
from hotline.domain.city.model import City
from hotline.domain.contacts import selectors as contacts
from hotline.domain.contacts import services as contact_services
from hotline.domain.contacts.models import ContactKind
from hotline.domain.people import services as people
from hotline.domain.people.sealing import sealer_of
from hotline.domain.people.selectors import index_of
from hotline.usecases.hear import hear
from hotline.usecases.present import present
from hotline.usecases.resume_call import resume_call
from hotline.usecases.turn import Turn


def take_call(*, channel: str, node: str, number: str | None, now: datetime) -> Turn:
    """The call's first turn: greeted, and asked the first question. ``number`` is what the
    telephone network says, whatever it looks like. The same channel again resumes its call."""
    known = calls.contact_of_channel(channel)
    if known is None:
        try:
            with transaction.atomic():
                called = own_number(number)
                contact = _open(channel, node, called, now)
                if called is not None and blocks.is_blocked(called, now=now):
                    return _refuse(contact, now=now)
                return hear(contact=contact, step=0, event=Started(), now=now)
        except IntegrityError:
            known = calls.contact_of_channel(channel)
            if known is None:
                raise
    return resume_call(contact=known, now=now)


def _refuse(contact: UUID, *, now: datetime) -> Turn:
    """Blocked for a time: they hear why, the emergency numbers, and goodbye."""
    row = contact_services.locked(contact)
    sealer = sealer_of(row.person_id)
    state = contact_services.state_of(row, sealer=sealer)
    ended = replace(state, stage=Stage.ENDED, outcome=Outcome.ABANDONED, reason=BLOCKED)
    contact_services.move(row, ended, sealer=sealer, consent_version="", now=now)
    return present(row, ended)


def own_number(number: str | None) -> str | None:
    """E.164, or None for what is withheld, malformed, or nobody's own (a short code)."""
    called = phones.normalise(number or "")
    return None if called is None or phones.is_short_code(called) else called


def _open(channel: str, node: str, number: str | None, now: datetime) -> UUID:
    version, city = cities.current()
    person = (
        people.person_for_number(number=number, now=now) if number else people.anonymous(now=now)
    )
    state = _beginning(city, number, now=now)
    contact = contact_services.open_contact(
        contact_services.Opening(
            kind=ContactKind.CALL, city_version=version, person=person, state=state
        ),
        now=now,
    )
    call_services.start_call(contact=contact, channel=channel, node=node, number=number, now=now)
    return contact.pk


def _beginning(city: City, number: str | None, *, now: datetime) -> State:
    """Of an open case hears only whose number the telephone network says it is."""
    claimed = number is not None and web_calls.is_claimed(number, now=now)
    known = contacts.open_case_of(index_of(number)) if number and not claimed else None
    language = city.languages[0]
    return begin(
        channel=Channel.VOICE,
        language=language,
        caller=number,
        claimed=claimed,
        known_case=known.code if known else None,
        known_stage=_stage_words(known, language) if known else "",
        book=city.book,
    )


def _stage_words(case: Case, language: str) -> str:
    with override(language):
        return said(CaseStage(case.stage))
