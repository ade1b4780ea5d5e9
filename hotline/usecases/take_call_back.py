"""The person whom an operator rings has answered."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.dialogue.begin import begin
from hotline.dialogue.script import Channel
from hotline.dialogue.state import Outcome, Stage, State
from hotline.domain.calls import selectors as call_selectors
from hotline.domain.calls import services as calls
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.models import Case
from hotline.domain.city import selectors as cities
from hotline.domain.city.model import City
from hotline.domain.contacts import services as contacts
from hotline.domain.contacts.models import ContactKind
from hotline.domain.people.sealing import Erased
from hotline.domain.people.selectors import phone_of
from hotline.domain.queue import offers
from hotline.domain.queue.models import Ticket


def take_call_back(*, offer: UUID, channel: str, node: str, now: datetime) -> UUID | None:
    """A contact of its own, that begins with what the person had said before and is with the
    operator already. The same channel again gives the same contact; None if the offer is
    over."""
    with transaction.atomic():
        found = offers.live(offer)
        # only now: whoever held the offer may have taken the call meanwhile
        known = call_selectors.contact_of_channel(channel)
        if known is not None:
            return known
        if found is None or found.ticket.call_back_id is None:
            return None
        call_back = CallBack.objects.select_related("person", "contact", "case").get(
            pk=found.ticket.call_back_id
        )
        version, city = cities.current()
        number = phone_of(call_back.person)
        contact = contacts.open_contact(
            contacts.Opening(
                kind=ContactKind.CALL,
                city_version=version,
                person=call_back.person,
                state=_state(call_back, city, number),
            ),
            now=now,
        )
        calls.start_call(contact=contact, channel=channel, node=node, number=number, now=now)
        Ticket.objects.filter(pk=found.ticket_id).update(contact=contact, node=node)
        unfinished = _unfinished(call_back)
        if unfinished is not None:
            contacts.attach(contact, unfinished)
        return contact.pk


def _state(call_back: CallBack, city: City, number: str | None) -> State:
    """With the operator; what was answered before the call broke is not asked again."""
    fresh = begin(channel=Channel.VOICE, language=city.languages[0], caller=number, book=city.book)
    state = replace(fresh, stage=Stage.QUEUE, branch=call_back.branch or None, asked_person=True)
    before = _before(call_back)
    if before is None:
        return state
    return replace(
        state,
        language=before.language,
        adding_to=before.adding_to,
        script=before.script,
        answers=before.answers,
        consent=before.consent,
    )


def _before(call_back: CallBack) -> State | None:
    """What was said in the call that broke off; None if it did not, or was erased."""
    if call_back.contact is None:
        return None
    try:
        state = contacts.state_of(call_back.contact)
    except Erased:
        return None
    return None if state.outcome is Outcome.COMPLETE else state


def _unfinished(call_back: CallBack) -> Case | None:
    """The case that this call is to complete: there will be no second one."""
    case, before = call_back.case, _before(call_back)
    if case is None or case.complete or before is None or before.adding_to is not None:
        return None
    return case if before.script == case.script else None
