"""A call came while no switchboard was there; the dialplan left a note of it."""

from datetime import datetime, timedelta

from django.db import transaction

from hotline.dialogue import phones
from hotline.domain.calls import services as calls
from hotline.domain.calls.selectors import contact_of_channel
from hotline.domain.city import selectors as cities
from hotline.domain.contacts.selectors import open_case_of
from hotline.domain.people import services as people
from hotline.domain.people.selectors import index_of


def take_missed_call(
    *, unique_id: str, number: str | None, at: datetime, now: datetime, unknown: bool = False
) -> None:
    """The missed call becomes a call-back, once per ``unique_id``; who withheld the number
    and keyed none in is counted only. The call-back is due from when they rang. ``unknown``:
    nothing of a call that was written down after all."""
    with transaction.atomic():
        if unknown and contact_of_channel(unique_id) is not None:
            return
        missed, new = calls.note_missed(unique_id=unique_id, at=at)
        called = phones.normalise(number or "")
        if not new or called is None or phones.is_short_code(called):
            return
        _, city = cities.current()
        call_back = calls.ask_call_back(
            calls.Wish(
                person=people.person_for_number(number=called, now=now),
                number=called,
                reason="missed",
                case=open_case_of(index_of(called)),
            ),
            due_at=at + timedelta(minutes=city.callback_minutes),
            now=now,
        )
        calls.tie_missed(missed, call_back)
