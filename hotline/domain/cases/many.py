"""New cases, many with a few statements: the rows are those that ``services.create``,
``answers.write``, ``listening.ask_to_listen`` and the first routing leave one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.dialogue.state import Answer
from hotline.domain.agencies.models import Agency
from hotline.domain.cases import answers, services, timeline
from hotline.domain.cases.models import Case, CaseAnswer, CaseEvent, ListeningTask, Referral, Stage
from hotline.domain.cases.workflow import Verb, require
from hotline.domain.people.sealing import Sealer

_RECEIVED, _ROUTED = 1, 2
"""The versions of a case that was received, and then routed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A case with all that is known of it. ``agency``: where it goes; None keeps it in triage.
    ``reason``: why this agency or what is missing, by language. ``listen``: somebody must hear
    its recordings."""

    new: services.NewCase
    received_at: datetime
    answers: Sequence[Answer]
    sealer: Sealer
    agency: Agency | None
    reason: Mapping[str, str]
    listen: bool


def create(whole: Sequence[Whole]) -> list[Case]:
    """Inside the caller's transaction; in the order given. The codes were drawn already."""
    cases = Case.objects.bulk_create([_case(one) for one in whole])
    pairs = list(zip(cases, whole, strict=True))
    CaseAnswer.objects.bulk_create(
        answers.row(case, answer, before=None, sealer=one.sealer, now=one.received_at)
        for case, one in pairs
        for answer in one.answers
    )
    CaseEvent.objects.bulk_create(line for case, one in pairs for line in _lines(case, one))
    Referral.objects.bulk_create(
        Referral(
            case=case, agency=one.agency, reason=dict(one.reason), forwarded_at=one.received_at
        )
        for case, one in pairs
        if one.agency is not None
    )
    ListeningTask.objects.bulk_create(
        ListeningTask(case=case, urgent=case.urgent, created_at=one.received_at)
        for case, one in pairs
        if one.listen
    )
    return cases


def _case(one: Whole) -> Case:
    case = services.unsaved(one.new, code=one.new.code, received_at=one.received_at)
    case.version, case.reason = _ROUTED, dict(one.reason)
    if one.agency is not None:
        case.stage = require(Verb.FORWARD, Stage.TRIAGE)
        case.agency, case.first_forwarded_at = one.agency, one.received_at
    return case


def _lines(case: Case, one: Whole) -> tuple[CaseEvent, CaseEvent]:
    kind = timeline.Kind.TRIAGED if one.agency is None else timeline.Kind.FORWARDED
    routed = timeline.Entry(kind=kind, agency=one.agency, data={"reason": dict(one.reason)})
    return (
        timeline.line(case, services.received(one.new), version=_RECEIVED, now=one.received_at),
        timeline.line(case, routed, version=_ROUTED, now=one.received_at),
    )
