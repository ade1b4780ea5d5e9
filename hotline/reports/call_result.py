"""What came of one call: for ``./1022 call``."""

from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from hotline.core.errors import NotFound
from hotline.dialogue.exchange import Ask
from hotline.dialogue.questions import question
from hotline.domain.calls.models import Call, CallBack
from hotline.domain.cases import answers
from hotline.domain.city.selectors import city_of
from hotline.domain.contacts import services
from hotline.domain.contacts.models import Contact, RecordingState
from hotline.domain.people.selectors import index_of
from hotline.reports.slots import RecordingJson, recordings_of, slots_of, triage_reason


class CallJson(TypedDict):
    code: str | None
    complete: bool
    slots: dict[str, str | None]
    recordings: list[RecordingJson]
    agency: str | None
    triage_reason: str | None
    callback_due: str | None
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStanding:
    """Where a call stands: ``ask`` is what is being asked (None once the dialogue has ended),
    ``question`` counts the slots that were asked so far, from 1."""

    contact: UUID
    step: int
    ask: Ask | None
    ended: bool
    settled: bool


def latest_call_of(number: str | None) -> UUID | None:
    """The contact of the newest call from a number (E.164), or from anybody who withheld
    theirs."""
    if number is None:
        calls = Call.objects.filter(withheld=True)
    else:
        calls = Call.objects.filter(contact__person__phone_index=index_of(number))
    return calls.order_by("-answered_at").values_list("contact_id", flat=True).first()


def standing(contact: UUID) -> CallStanding:
    """``settled``: the call has ended, every recording was kept (or is lost), and a promised
    code has its case. Raises NotFound."""
    row = _contact(contact)
    state = services.state_of(row)
    book = city_of(row.city_version_id).book
    call = Call.objects.filter(contact=row).first()
    ended = row.ended_at is not None
    spooled = row.recordings.filter(state=RecordingState.SPOOLED).exists()
    return CallStanding(
        contact=row.pk,
        step=row.step,
        ask=None if ended else question(state, book),
        ended=ended,
        settled=ended
        and not spooled
        and (call is None or call.ended_at is not None)
        and (not row.promised_code or row.case_id is not None),
    )


def call_result(contact: UUID, *, language: str) -> CallJson:
    """As the design fixes it: with the case's answers, or the answers so far. Raises
    NotFound."""
    row = _contact(contact)
    call = Call.objects.filter(contact=row).first()
    due = (
        CallBack.objects.filter(contact=row, closed_at=None)
        .values_list("due_at", flat=True)
        .first()
    )
    case = row.case
    kept = answers.read(case) if case else {}
    ended = call.ended_at if call else None
    return CallJson(
        code=case.code if case else None,
        complete=case.complete if case else False,
        slots=slots_of(kept),
        recordings=recordings_of(kept),
        agency=case.agency.code if case and case.agency else None,
        triage_reason=triage_reason(case, language) if case else None,
        callback_due=due.isoformat() if due else None,
        seconds=(ended - call.answered_at).total_seconds() if call and ended else None,
    )


def _contact(contact: UUID) -> Contact:
    try:
        return Contact.objects.select_related("case__agency", "person").get(pk=contact)
    except Contact.DoesNotExist:
        raise NotFound from None
