"""What an operator must see of the call that is theirs: before they answer, while they talk,
and until its form is finished."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.dialogue.dangers import Found, dangers_in
from hotline.dialogue.progress import missing
from hotline.dialogue.state import Answer, State
from hotline.domain.accounts.models import User
from hotline.domain.cases import selectors as cases
from hotline.domain.cases.selectors import CaseOfNumber
from hotline.domain.city import selectors as cities
from hotline.domain.city.model import City
from hotline.domain.contacts import services as contacts
from hotline.domain.contacts.models import Contact
from hotline.domain.history.services import record
from hotline.domain.people.models import Person
from hotline.domain.people.sealing import Erased
from hotline.domain.people.selectors import name_of, phone_of
from hotline.domain.queue import selectors as queue
from hotline.domain.queue.models import Offer, OfferState
from hotline.domain.queue.selectors import LegSeen
from hotline.domain.workforce.selectors import operator_of
from hotline.usecases.own_talk import as_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """``state`` is the offer's (ringing, answered, talking, ended); ``kind`` call or
    call_back. ``number`` in E.164, empty if withheld; ``claimed``: it was typed in a browser.
    ``answers`` are what is known already, by slot, of the script ``script`` (None: the caller
    has chosen nothing yet); ``open`` are the required slots without an answer. ``dangers``:
    words in the answers that mean danger to a life. ``missed``: the third party that could not
    be reached last, and why. ``case`` is the code of the case that was made."""

    offer: UUID
    state: str
    kind: str
    held: bool
    branch: str
    script: str | None
    city_version: int | None
    number: str
    claimed: bool
    name: str
    cases: tuple[CaseOfNumber, ...]
    answers: Mapping[str, Answer]
    open: tuple[str, ...]
    consent: bool | None
    dangers: tuple[Found, ...]
    waiting_since: datetime
    since: datetime
    leg: LegSeen | None
    missed: tuple[str, str] | None
    last_order: tuple[str, str] | None
    case: str | None


def current_talk(*, user: User, now: datetime) -> Talk | None:
    """The call that rings or that they talk in, else the last one whose form is open. The
    first look at a number stands in the history. Raises NotFound for who is no operator."""
    with transaction.atomic():
        offer = queue.call_of(operator_of(user))
        if offer is None:
            return None
        ticket = offer.ticket
        contact = ticket.contact
        before = ticket.call_back.contact if ticket.call_back is not None else None
        told = contact or before
        person = _person(offer)
        if queue.first_look(offer, now=now):
            record(at=now, verb="screen_pop", subject=f"offer:{offer.pk}", actor=user)
        try:
            state = contacts.state_of(told) if told is not None else None
        except Erased:  # nobody can read or fill in what is left of it
            if offer.state == OfferState.ENDED:
                return None
            told = state = None
        return _talk(offer, told, state, person)


def _person(offer: Offer) -> Person | None:
    ticket = offer.ticket
    if ticket.contact is not None:
        return ticket.contact.person
    return ticket.call_back.person if ticket.call_back is not None else None


def _talk(offer: Offer, told: Contact | None, state: State | None, person: Person | None) -> Talk:
    ticket = offer.ticket
    city = cities.city_of(told.city_version_id) if told is not None else cities.current()[1]
    if state is not None:
        state = as_form(state, branch=ticket.branch, city=city)
    number = (phone_of(person) if person is not None else None) or ""
    answers = state.answers if state is not None else {}
    case = ticket.contact.case if ticket.contact is not None else None
    return Talk(
        offer=offer.pk,
        state=offer.state,
        kind=ticket.kind,
        held=offer.held,
        branch=(state.branch if state is not None else None) or ticket.branch,
        script=_script(state, ticket.branch, city),
        city_version=told.city_version_id if told is not None else None,
        number=number,
        claimed=state is not None and state.claimed,
        name=(name_of(person) if person is not None else None) or "",
        cases=cases.of_number(number) if number else (),
        answers=answers,
        open=tuple(slot.key for slot in missing(state, city.book)) if state is not None else (),
        consent=state.consent if state is not None else None,
        dangers=_dangers(answers, city),
        waiting_since=ticket.entered_at,
        since=offer.talking_since or offer.offered_at,
        leg=queue.leg_of(offer) if offer.state != OfferState.ENDED else None,
        missed=queue.missed_leg_of(offer),
        last_order=queue.last_order_of(offer),
        case=case.code if case is not None and offer.form else None,
    )


def _script(state: State | None, branch: str, city: City) -> str | None:
    if state is not None:
        return state.script
    found = city.menu.branch(branch)
    return found.script if found is not None else None


def _dangers(answers: Mapping[str, Answer], city: City) -> tuple[Found, ...]:
    words = {
        danger.number: [word for some in danger.words.values() for word in some]
        for danger in city.dangers
    }
    said = (part for answer in answers.values() for part in (answer.value or "", answer.detail))
    return tuple(dict.fromkeys(found for part in said for found in dangers_in(part, words)))
