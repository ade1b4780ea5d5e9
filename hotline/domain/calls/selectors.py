"""Guarded reads of calls and call-backs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotline.core.errors import NotFound
from hotline.core.pages import Page, bounds
from hotline.domain.accounts.models import User
from hotline.domain.accounts.roles import at_the_desk
from hotline.domain.calls.models import Call, CallBack
from hotline.domain.cases.models import Case
from hotline.domain.contacts.models import Contact
from hotline.domain.people.selectors import index_of

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackRow:
    """Somebody who waits for our call. The number is not in it: ``show_call_back_number``
    reads it and writes that to the history."""

    id: int
    created_at: datetime
    due_at: datetime
    overdue: bool
    reason: str
    branch: str
    times: int
    case_code: str | None
    urgent: bool


def call_backs(user: User, *, now: datetime, page: int = 1) -> Page[CallBackRow]:
    """Those that are open, due first. Raises NotFound for those who don't ring people."""
    if not at_the_desk(user):
        raise NotFound
    rows = CallBack.objects.filter(closed_at=None).select_related("case")
    total = rows.count()
    number, pages, shown = bounds(number=page, size=PAGE, total=total)
    return Page(_rows(rows.order_by("due_at", "pk")[shown], now), number, pages, total)


def call_backs_of_case(case: Case, *, now: datetime) -> tuple[CallBackRow, ...]:
    """Those that are open."""
    return _rows(case.call_backs.filter(closed_at=None).select_related("case"), now)


def numbers_to_ring(numbers: Sequence[bytes]) -> frozenset[bytes]:
    """Of these numbers (by blind index) those with an open call-back."""
    rows = CallBack.objects.filter(number_index__in=numbers, closed_at=None)
    return frozenset(bytes(found) for found in rows.values_list("number_index", flat=True))


def call_back_for(user: User, call_back: int) -> CallBack:
    """Raises NotFound."""
    if not at_the_desk(user):
        raise NotFound
    try:
        return CallBack.objects.select_related("person", "case").get(pk=call_back)
    except CallBack.DoesNotExist:
        raise NotFound from None


def contact_of_channel(channel: str) -> UUID | None:
    """The contact of a call that was taken already."""
    return Call.objects.filter(channel=channel).values_list("contact_id", flat=True).first()


def node_of(contact: Contact) -> str:
    """The node that holds the contact's call; empty for what is no call."""
    return Call.objects.filter(contact=contact).values_list("node", flat=True).first() or ""


def place_of(number: str | None) -> datetime | None:
    """The place in the queue that an open call-back of this number keeps."""
    if number is None:
        return None
    return (
        CallBack.objects.filter(number_index=index_of(number), closed_at=None)
        .values_list("place_at", flat=True)
        .first()
    )


def live_on(node: str) -> tuple[tuple[UUID, str, int], ...]:
    """The calls that have not ended on a node: contact, channel, the contact's step."""
    live = Call.objects.filter(node=node, ended_at=None)
    return tuple(live.values_list("contact_id", "channel", "contact__step"))


def _rows(rows: Iterable[CallBack], now: datetime) -> tuple[CallBackRow, ...]:
    return tuple(
        CallBackRow(
            id=row.pk,
            created_at=row.created_at,
            due_at=row.due_at,
            overdue=row.due_at < now,
            reason=row.reason,
            branch=row.branch,
            times=row.times,
            case_code=row.case.code if row.case else None,
            urgent=row.case.urgent if row.case else False,
        )
        for row in rows
    )
