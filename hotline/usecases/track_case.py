"""A citizen looks where the case stands, by its code alone."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.cases import codes, selectors
from hotline.domain.cases.models import Case, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedStage:
    """Stage and dates; nothing that says who or what. None: not yet. ``…_due`` is what was
    promised, ``late`` whether the answer's has passed without one."""

    code: str
    stage: Stage
    received_at: datetime
    forwarded_at: datetime | None
    accepted_at: datetime | None
    answered_at: datetime | None
    resolved_at: datetime | None
    forward_due: datetime | None
    news_due: datetime | None
    answer_due: datetime | None
    late: bool


def track_case(*, code: str, now: datetime) -> TrackedStage:
    """``code`` as it was typed. Raises Refusal ``mistyped_code`` (the check digit is wrong),
    NotFound."""
    return stage_of(tracked(code), now=now)


def tracked(code: str) -> Case:
    """The case of a code as it was typed. Raises Refusal ``mistyped_code``, NotFound."""
    cleaned = codes.clean(code)
    if not codes.well_formed(cleaned):
        raise Refusal(
            "mistyped_code",
            gettext_noop("This code has a typing mistake. A code has nine digits; please check."),
        )
    return selectors.by_code(cleaned)


def stage_of(case: Case, *, now: datetime) -> TrackedStage:
    hop = case.referrals.order_by("-forwarded_at", "-pk").first()
    answered = selectors.answered_at(case)
    due = case.answer_due
    return TrackedStage(
        code=case.code,
        stage=Stage(case.stage),
        received_at=case.created_at,
        forwarded_at=hop.forwarded_at if hop else None,
        accepted_at=hop.accepted_at if hop else None,
        answered_at=answered,
        resolved_at=case.resolved_at,
        forward_due=case.forward_due,
        news_due=case.news_due,
        answer_due=due,
        late=answered is None and case.resolved_at is None and due is not None and due < now,
    )
