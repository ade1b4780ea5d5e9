"""The call whose form an operator fills in. Internal to the use cases of the form."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from hotline.core.errors import NotFound
from hotline.dialogue.state import State
from hotline.domain.accounts.models import User
from hotline.domain.city.model import City
from hotline.domain.city.selectors import city_of
from hotline.domain.contacts import services as contacts
from hotline.domain.contacts.models import Contact
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
    others and for one that nobody has answered."""
    found = queue.last_offer_of(operator_of(user), offer)
    if found is None or found.talking_since is None or found.ticket.contact_id is None:
        raise NotFound
    contact = contacts.locked(found.ticket.contact_id)
    city = city_of(contact.city_version_id)
    state = contacts.state_of(contact)
    if state.script is None:
        # who came straight to a person has chosen a key, and its form is the one to fill
        branch = city.menu.branch(state.branch or found.ticket.branch)
        state = replace(state, script=branch.script if branch is not None else None)
    return OwnTalk(offer=found, contact=contact, state=state, city=city)


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
