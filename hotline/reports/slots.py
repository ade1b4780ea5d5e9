"""A case's answers as the JSON of the launcher says them."""

from collections.abc import Mapping
from typing import TypedDict

from hotline.domain.cases import answers
from hotline.domain.cases.models import Case


class RecordingJson(TypedDict):
    slot: str
    seconds: float


def slots_of(kept: Mapping[str, answers.Kept]) -> dict[str, str | None]:
    """The value by slot; None while only a recording holds it."""
    return {slot: known.answer.value for slot, known in kept.items()}


def recordings_of(kept: Mapping[str, answers.Kept]) -> list[RecordingJson]:
    return [
        {"slot": slot, "seconds": known.answer.seconds or 0.0}
        for slot, known in kept.items()
        if known.answer.recording
    ]


def triage_reason(case: Case, language: str) -> str | None:
    """Why a case is still in triage, in words; None once it is forwarded."""
    if case.agency_id is not None:
        return None
    reason: str | None = case.reason.get(language) or next(iter(case.reason.values()), None)
    return reason
