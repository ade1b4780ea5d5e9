"""The person answers: one step of the dialogue, whatever the channel."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.dialogue.exchange import Event, Left, Spoke
from hotline.dialogue.state import State
from hotline.dialogue.step import step as advance
from hotline.domain.calls import services as calls
from hotline.domain.city.selectors import city_of
from hotline.domain.contacts import recordings, services
from hotline.domain.contacts.models import Contact
from hotline.domain.people.sealing import sealer_of
from hotline.usecases.present import present, turn
from hotline.usecases.take_report import take_report
from hotline.usecases.turn import Turn
from hotline.usecases.wait_for_person import with_queue


def hear(*, contact: UUID, step: int, event: Event, now: datetime) -> Turn:
    """``step`` is the step that the event answers. An event that comes twice is taken once:
    if the contact is past ``step``, nothing changes and the present question comes back.
    Leaving counts at any step.

    When the dialogue ends here, the same transaction makes of it what it is: a case, an
    addition to one, a call-back. Raises NotFound.
    """
    with transaction.atomic():
        row = services.locked(contact)
        sealer = sealer_of(row.person_id)
        state = services.state_of(row, sealer=sealer)
        if isinstance(event, Left):
            calls.end_call(contact=row, now=now)
        elif row.step != step:
            return present(row, state)
        if row.ended_at is not None:
            return present(row, state)
        city = city_of(row.city_version_id)
        moved, actions = advance(state, _with_recording(row, state, event, now), book=city.book)
        moved, actions = with_queue(
            row, before=state, moved=moved, actions=actions, event=event, city=city, now=now
        )
        services.move(row, moved, sealer=sealer, consent_version=city.menu.consent_version, now=now)
        if moved.outcome is None:
            return turn(row, moved, actions)
        take_report(contact=row, state=moved, city=city, now=now)
        return present(row, moved, said_before=actions)


def _with_recording(contact: Contact, state: State, event: Event, now: datetime) -> Event:
    """A recording gets its row here, by which the worker finds it; the answer names the row."""
    if not isinstance(event, Spoke):
        return event
    row = recordings.create(
        contact=contact,
        slot=state.slot or "",
        name=event.recording,
        seconds=event.seconds,
        now=now,
    )
    return replace(event, recording=str(row.pk))
