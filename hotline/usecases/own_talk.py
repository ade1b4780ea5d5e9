"""The call whose form an operator fills in. Internal to the use cases of the form."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.progress import applicable_slots
from hotline.dialogue.reading import offers_caller
from hotline.dialogue.state import Answer, Source, State
from hotline.domain.accounts.models import User
from hotline.domain.city.model import City
from hotline.domain.city.selectors import city_of
from hotline.domain.contacts import services as contacts
from hotline.domain.contacts.models import Contact
from hotline.domain.people.sealing import Erased
from hotline.domain.queue import selectors as queue
from hotline.domain.queue.models import Offer
from hotline.domain.workforce.selectors import operator_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTalk:
    """``contact`` is locked: what two pages write at once is written one after the other."""

    offer: Offer
    contact: Contact
    state: State
    city: City


def own_talk(*, user: User, offer: UUID) -> OwnTalk:
    """Also of a call that is over, while the form is open. Raises NotFound for the calls of
    others and for one that nobody has answered; Refusal ``erased``."""
    found = queue.last_offer_of(operator_of(user), offer)
    if found is None or found.talking_since is None or found.ticket.contact_id is None:
        raise NotFound
    contact = contacts.locked(found.ticket.contact_id)
    found.refresh_from_db(fields=["form"])  # of two who finish at once the second sees the first
    city = city_of(contact.city_version_id)
    try:
        state = contacts.state_of(contact)
    except Erased:
        raise Refusal("erased", gettext_noop("The data of this person was erased.")) from None
    state = as_form(state, branch=found.ticket.branch, city=city)
    return OwnTalk(offer=found, contact=contact, state=state, city=city)


def as_form(state: State, *, branch: str, city: City) -> State:
    """What the operator's form begins with. Who came straight to a person has chosen a key
    (``branch`` is that of the queue), and its form is the one to fill. The number that they
    ring from is known: the operator corrects it where it is not theirs."""
    if state.script is None:
        found = city.menu.branch(state.branch or branch)
        state = replace(state, script=found.script if found is not None else None)
    script = city.scripts.get(state.script or "")
    known = {
        slot.key: Answer(slot=slot.key, source=Source.CALLER_ID, value=state.caller)
        for slot in (applicable_slots(script, state.answers) if script is not None else ())
        if offers_caller(slot, channel=state.channel, caller=state.caller)
    }
    return replace(state, answers={**known, **state.answers})


def write(talk: OwnTalk, state: State, *, now: datetime) -> None:
    """What the operator noted, kept at once. Consent is kept with its text and its time."""
    contacts.overwrite(talk.contact, state)
    if state.consent is not talk.contact.consent:
        contacts.note_consent(
            talk.contact,
            given=state.consent,
            version=talk.city.menu.consent_version,
            now=now,
        )
