"""Lists of cases for those who work on them: urgent first, then what falls due first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Case as When_
from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Least

from hotline.core.pages import Page, bounds
from hotline.domain.accounts.models import User
from hotline.domain.cases.models import Case, ListeningTask, Stage
from hotline.domain.cases.selectors import visible_to

PAGE = 50


class Tab(StrEnum):
    TRIAGE = "triage"
    FORWARDED = "forwarded"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A line of a list; holds no personal data. ``due``: what falls due next, if anything.
    ``agency``: name by language."""

    code: str
    version: int
    stage: Stage
    urgent: bool
    complete: bool
    channel: str
    category: str
    city_version: int
    place: str
    agency: Mapping[str, str] | None
    created_at: datetime
    due: datetime | None
    overdue: bool
    listening: bool


_STAGES = {
    Tab.TRIAGE: Stage.TRIAGE,
    Tab.FORWARDED: Stage.FORWARDED,
    Tab.ACCEPTED: Stage.ACCEPTED,
    Tab.WAITING: Stage.WAITING_CITIZEN,
    Tab.ANSWERED: Stage.ANSWERED,
    Tab.RESOLVED: Stage.RESOLVED,
}

# What is promised next: to be forwarded while in triage, news once forwarded, an answer at
# last. LEAST leaves out what was not promised.
_DUE = When_(
    When(stage=Stage.TRIAGE, then=Least("forward_due", "answer_due")),
    When(stage=Stage.FORWARDED, then=Least("news_due", "answer_due")),
    When(stage__in=(Stage.ACCEPTED, Stage.WAITING_CITIZEN), then=F("answer_due")),
    default=Value(None),
    output_field=DateTimeField(),
)


def inbox(user: User, *, tab: Tab, now: datetime, page: int = 1, code: str = "") -> Page[CaseRow]:
    """One page of what this user may see; ``code`` narrows it to codes that begin so."""
    rows = _in_tab(_with_due(visible_to(user)), tab, now)
    if code:
        rows = rows.filter(code__startswith=code)
    total = rows.count()
    number, pages, shown = bounds(number=page, size=PAGE, total=total)
    closed = tab in (Tab.RESOLVED, Tab.ALL)
    ordered = (
        rows.order_by("-created_at", "-pk")
        if closed
        else rows.order_by("-urgent", F("due").asc(nulls_last=True), "created_at", "pk")
    )
    found = ordered.select_related("place", "agency").annotate(
        to_hear=Exists(ListeningTask.objects.filter(case=OuterRef("pk"), done_at=None))
    )[shown]
    return Page(tuple(_row(case, now) for case in found), number, pages, total)


def counts(user: User, *, now: datetime) -> dict[Tab, int]:
    """How many cases each tab holds."""
    cases = _with_due(visible_to(user))
    found = cases.aggregate(
        **{tab: Count("pk", filter=Q(stage=stage)) for tab, stage in _STAGES.items()},
        overdue=Count("pk", filter=Q(due__lt=now)),
        all=Count("pk"),
    )
    return {tab: found[tab] for tab in Tab}


def _with_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.annotate(due=_DUE)


def _in_tab(cases: QuerySet[Case], tab: Tab, now: datetime) -> QuerySet[Case]:
    if tab is Tab.OVERDUE:
        return cases.filter(due__lt=now)  # type: ignore[misc]
    if tab is Tab.ALL:
        return cases
    return cases.filter(stage=_STAGES[tab])


def _row(case: Case, now: datetime) -> CaseRow:
    due: datetime | None = case.due  # type: ignore[attr-defined]
    return CaseRow(
        code=case.code,
        version=case.version,
        stage=Stage(case.stage),
        urgent=case.urgent,
        complete=case.complete,
        channel=case.channel,
        category=case.category,
        city_version=case.city_version_id,
        place=case.place.path if case.place else "",
        agency=case.agency.name if case.agency else None,
        created_at=case.created_at,
        due=due,
        overdue=due is not None and due < now,
        listening=case.to_hear,  # type: ignore[attr-defined]
    )
