"""The answers that a case holds, sealed under the reporter's key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotline.dialogue.state import Answer, Source
from hotline.domain.cases.models import Case, CaseAnswer
from hotline.domain.people.sealing import Erased, Sealer, sealer_of

VALUE = "cases_caseanswer.value"
DETAIL = "cases_caseanswer.detail"


def write(case: Case, answers: Iterable[Answer], *, sealer: Sealer, now: datetime) -> None:
    """Writes or replaces the answers; a recording that an earlier answer had stays with it."""
    kept = {row.slot: row for row in case.answers.all()}
    CaseAnswer.objects.bulk_create(
        [
            row(case, answer, before=kept.get(answer.slot), sealer=sealer, now=now)
            for answer in answers
        ],
        update_conflicts=True,
        unique_fields=["case", "slot"],
        update_fields=["source", "value", "detail", "recording", "seconds", "given_at"],
    )


def row(
    case: Case, answer: Answer, *, before: CaseAnswer | None, sealer: Sealer, now: datetime
) -> CaseAnswer:
    """Not written yet. ``before``: what the case holds for this slot."""
    made = CaseAnswer(
        case=case,
        slot=answer.slot,
        source=answer.source,
        value=_seal(sealer, answer.value, VALUE),
        detail=_seal(sealer, answer.detail or None, DETAIL),
        given_at=now,
    )
    if answer.recording:
        made.recording, made.seconds = UUID(answer.recording), answer.seconds
    elif before:
        made.recording, made.seconds = before.recording, before.seconds
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer as the case keeps it; ``erased`` when nobody can read it any more."""

    answer: Answer
    erased: bool


def read(case: Case) -> Mapping[str, Kept]:
    """The answers by slot, in the order in which they were first given."""
    try:
        sealer = sealer_of(case.reporter_id)
    except Erased:
        sealer = None
    rows = case.answers.order_by("pk")
    return {row.slot: _open(row, sealer) for row in rows}


def _open(row: CaseAnswer, sealer: Sealer | None) -> Kept:
    return Kept(
        answer=Answer(
            slot=row.slot,
            source=Source(row.source),
            value=sealer.text(row.value, where=VALUE) if sealer else None,
            detail=(sealer.text(row.detail, where=DETAIL) or "") if sealer else "",
            recording=str(row.recording) if row.recording else None,
            seconds=row.seconds,
        ),
        erased=sealer is None,
    )


def _seal(sealer: Sealer, value: str | None, where: str) -> bytes | None:
    return None if value is None else sealer.seal(value, where=where)
