"""``./1022 manage cases --json``: every case, newest first."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict

from django.db.models import Min, Q

from hotline.domain.cases import answers
from hotline.domain.cases.models import Case
from hotline.reports.slots import RecordingJson, recordings_of, slots_of, triage_reason

AT_ONCE = 500


class CaseJson(TypedDict):
    code: str
    channel: str
    city_version: str
    category: str | None
    state: str
    complete: bool
    slots: dict[str, str | None]
    recordings: list[RecordingJson]
    agency: str | None
    triage_reason: str | None
    callback_due: str | None
    created: str


def cases_list(*, language: str, limit: int | None = None) -> Iterator[CaseJson]:
    """``language`` of the reasons. Holds what citizens said: for those who run the house."""
    rows = (
        Case.objects.select_related("agency", "city_version")
        .defer("city_version__content")  # the whole folder of the city
        .annotate(callback_due=Min("call_backs__due_at", filter=Q(call_backs__closed_at=None)))
        .order_by("-created_at", "-pk")
    )
    for case in rows[:limit].iterator(chunk_size=AT_ONCE):
        kept = answers.read(case)
        due: datetime | None = case.callback_due
        yield CaseJson(
            code=case.code,
            channel=case.channel,
            city_version=str(case.city_version),
            category=case.category or None,
            state=case.stage,
            complete=case.complete,
            slots=slots_of(kept),
            recordings=recordings_of(kept),
            agency=case.agency.code if case.agency else None,
            triage_reason=triage_reason(case, language),
            callback_due=due.isoformat() if due else None,
            created=case.created_at.isoformat(),
        )
