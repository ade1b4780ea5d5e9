"""Writes of calls and call-backs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from hotline.core.errors import NotFound, Refusal
from hotline.dialogue import phones
from hotline.domain.accounts.models import User
from hotline.domain.calls.models import Call, CallBack, MissedCall
from hotline.domain.cases.models import Case
from hotline.domain.contacts.models import Contact
from hotline.domain.people.models import Person
from hotline.domain.people.selectors import index_of
from hotline.domain.prepared import rows

REACHED = "reached"
RESULTS = frozenset({REACHED, "unreachable", "wrong_number", "not_needed"})
CALLED_IN = "called_in"


def start_call(
    *, contact: Contact, channel: str, node: str, number: str | None, now: datetime
) -> Call:
    """``number`` in E.164, None if withheld. Raises IntegrityError for a channel that is
    known already."""
    return Call.objects.create(
        contact=contact,
        channel=channel,
        node=node,
        carrier=phones.carrier_of(number) if number else "",
        withheld=number is None,
        answered_at=now,
    )


def end_call(*, contact: Contact, now: datetime) -> None:
    """Does nothing for contacts that are no calls and for calls that have ended."""
    Call.objects.filter(contact=contact, ended_at=None).update(ended_at=now)


_END_FINISHED = """
UPDATE calls_call k SET ended_at = e.at
FROM unnest(%(contacts)s::uuid[], %(moments)s::timestamptz[]) AS e (contact, at)
JOIN contacts_contact c ON c.id = e.contact AND c.ended_at IS NOT NULL
WHERE k.contact_id = e.contact AND coalesce(k.ended_at, 'infinity') = 'infinity'
RETURNING k.contact_id
"""


def end_finished_calls(ended: Sequence[tuple[UUID, datetime]]) -> None:
    """The lines of contacts that are over, and when they ended."""
    contacts, moments = zip(*ended, strict=True) if ended else ((), ())
    rows(_END_FINISHED, {"contacts": list(contacts), "moments": list(moments)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who must be rung back, and what for. ``place_at``: since when they wait (None: now)."""

    person: Person
    number: str
    reason: str
    branch: str = ""
    contact: Contact | None = None
    case: Case | None = None
    place_at: datetime | None = None


def ask_call_back(wish: Wish, *, due_at: datetime, now: datetime) -> CallBack:
    """One open call-back a number: asking again keeps the earlier place and says to it what
    is new (the case, the contact)."""
    index = index_of(wish.number)
    try:
        with transaction.atomic():
            return CallBack.objects.create(
                person=wish.person,
                number_index=index,
                contact=wish.contact,
                case=wish.case,
                branch=wish.branch,
                reason=wish.reason,
                created_at=now,
                place_at=wish.place_at or now,
                due_at=due_at,
            )
    except IntegrityError:
        return _merge(index, wish)


def _merge(index: bytes, wish: Wish) -> CallBack:
    waiting = CallBack.objects.select_for_update().get(number_index=index, closed_at=None)
    waiting.times = F("times") + 1
    waiting.contact = wish.contact or waiting.contact
    waiting.case = wish.case or waiting.case
    waiting.branch = wish.branch or waiting.branch
    waiting.save()
    waiting.refresh_from_db()
    return waiting


def close_call_back(*, call_back: int, user: User, result: str, now: datetime) -> CallBack:
    """Raises NotFound, Refusal ``unknown_result``. A call-back that is closed stays as it is:
    the form was sent twice, or two people rang."""
    if result not in RESULTS:
        raise Refusal("unknown_result", gettext_noop("Choose what came of the call."))
    CallBack.objects.filter(pk=call_back, closed_at=None).update(
        closed_at=now, closed_by=user, result=result
    )
    try:
        return CallBack.objects.select_related("case").get(pk=call_back)
    except CallBack.DoesNotExist:
        raise NotFound from None


def called_in(*, number: str, now: datetime) -> None:
    """The person rang by themselves and was served: nobody needs to ring back."""
    CallBack.objects.filter(number_index=index_of(number), closed_at=None).update(
        closed_at=now, result=CALLED_IN
    )


def reached(*, call_back: int, by: int, now: datetime) -> None:
    """An operator (by user id) rang the person and spoke with them."""
    CallBack.objects.filter(pk=call_back, closed_at=None).update(
        closed_at=now, closed_by_id=by, result=REACHED, attempts=F("attempts") + 1
    )


def note_missed(*, unique_id: str, at: datetime) -> tuple[MissedCall, bool]:
    """The row of a missed call, and whether it is new."""
    return MissedCall.objects.get_or_create(unique_id=unique_id, defaults={"at": at})


def tie_missed(missed: MissedCall, call_back: CallBack) -> None:
    missed.call_back = call_back
    missed.save(update_fields=["call_back"])


def locked_call_back(call_back: int) -> CallBack:
    return CallBack.objects.select_for_update().get(pk=call_back)


def note_attempt(row: CallBack, *, result: str, next_at: datetime | None, now: datetime) -> None:
    """An attempt found nobody; ``next_at`` is when the next is made. After the last one (None)
    the call-back is closed as unreachable."""
    if row.closed_at is not None:
        return
    row.attempts += 1
    row.last_result, row.next_at = result, next_at
    if next_at is None:
        row.closed_at, row.result = now, "unreachable"
    row.save(update_fields=["attempts", "last_result", "next_at", "closed_at", "result"])
