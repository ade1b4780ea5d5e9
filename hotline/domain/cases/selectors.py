"""Guarded reads of cases: who may see which case, and what of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from hotline.core.errors import NotFound
from hotline.dialogue.script import Fills
from hotline.domain.accounts.models import User
from hotline.domain.accounts.roles import at_the_desk, is_observer, is_officer
from hotline.domain.agencies.models import Agency
from hotline.domain.cases import answers, timeline
from hotline.domain.cases.models import Case, CaseEvent
from hotline.domain.cases.workflow import WORKFLOW, Verb
from hotline.domain.city.model import City
from hotline.domain.city.selectors import city_of
from hotline.domain.people.models import Person
from hotline.domain.people.sealing import Erased, sealer_of
from hotline.domain.people.selectors import index_of
from hotline.domain.places.selectors import ancestors
from hotline.domain.routing.decide import Decision, decide

_CONTACT = frozenset(
    {Fills.REPORTER_NAME, Fills.REPORTER_PHONE, Fills.SUBJECT_NAME, Fills.SUBJECT_PHONE}
)
_WORDS = frozenset({Fills.DETAILS, Fills.NOTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSeen:
    """An answer as this user may see it. ``hidden``: not for this user (yet);
    ``erased``: for nobody any more."""

    slot: str
    source: str
    value: str | None
    detail: str
    recording: UUID | None
    seconds: float | None
    hidden: bool
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the timeline. ``words`` None: hidden or erased."""

    at: datetime
    kind: str
    actor: str
    agency: Agency | None
    public: bool
    words: str | None
    data: dict[str, Any]


def visible_to(user: User) -> QuerySet[Case]:
    """The cases that this user may know of."""
    if at_the_desk(user) or is_observer(user):
        return Case.objects.all()
    if is_officer(user):
        return Case.objects.filter(agency__officers__user=user)
    return Case.objects.none()


def case_for(user: User, code: str) -> Case:
    """The one door to a case. Raises NotFound for a case that this user may not know of."""
    try:
        return (
            visible_to(user).select_related("agency", "place", "reporter", "subject").get(code=code)
        )
    except Case.DoesNotExist:
        raise NotFound from None


def by_code(code: str) -> Case:
    """For the citizen's own tracking, where the code is the key. Raises NotFound."""
    try:
        return Case.objects.select_related("agency", "reporter").get(code=code)
    except Case.DoesNotExist:
        raise NotFound from None


def answered_at(case: Case) -> datetime | None:
    """When the citizen was last answered."""
    kinds = (timeline.Kind.ANSWERED, timeline.Kind.RESOLVED)
    line = case.events.filter(kind__in=kinds).order_by("-at", "-pk").first()
    return line.at if line else None


def public_lines(case: Case) -> tuple[CaseEvent, ...]:
    """What the citizen may see of the timeline, oldest first."""
    return tuple(case.events.filter(public=True).select_related("agency").order_by("at", "pk"))


def reporters_of(case: Case) -> tuple[Person, ...]:
    """Whose number proves that a case is theirs: the reporter, and who rang for it."""
    rang = Person.objects.filter(contacts__case=case).exclude(pk=case.reporter_id).distinct()
    return (case.reporter, *rang)


def city_of_case(case: Case) -> City:
    """The city as it was when the case was taken."""
    return city_of(case.city_version_id)


def proposal(case: Case) -> Decision:
    """What routing says of the case as it stands: an agency and why, or what is missing."""
    return decide(
        city=city_of_case(case), category=case.category or None, places=ancestors(case.place)
    )


def contact_visible(user: User, case: Case) -> bool:
    """Name and numbers: the desk always, officers once their agency has accepted."""
    if at_the_desk(user):
        return True
    return (
        is_officer(user)
        and case.referrals.filter(
            agency__officers__user=user, ended_at=None, accepted_at__isnull=False
        ).exists()
    )


def may(user: User, verb: Verb, case: Case) -> bool:
    """Whether this user may do this now; screens offer only what is allowed."""
    if case.stage not in WORKFLOW[verb].starts:
        return False
    if verb is Verb.ACCEPT:
        return is_officer(user)
    if verb is Verb.FORWARD:
        return at_the_desk(user)
    return at_the_desk(user) or is_officer(user)


def answers_of(user: User, case: Case) -> tuple[AnswerSeen, ...]:
    """The answers in the script's order."""
    kept = answers.read(case)
    script = city_of_case(case).scripts.get(case.script)
    order = [slot.key for slot in script.slots] if script else []
    fills = {slot.key: slot.fills for slot in script.slots} if script else {}
    ranked = sorted(kept, key=lambda key: order.index(key) if key in order else len(order))
    personal = contact_visible(user, case)
    return tuple(
        _seen(kept[key], fills.get(key, Fills.NOTE), personal=personal, words=not is_observer(user))
        for key in ranked
    )


def timeline_of(user: User, case: Case) -> tuple[Line, ...]:
    """Oldest first. Observers see what happened, not what was written."""
    try:
        sealer = sealer_of(case.reporter_id)
    except Erased:
        sealer = None
    rows = case.events.select_related("actor", "agency").order_by("at", "pk")
    return tuple(
        Line(
            at=row.at,
            kind=row.kind,
            actor=row.actor.display_name if row.actor else "",
            agency=row.agency,
            public=row.public,
            words=timeline.words_of(case, row, sealer=sealer)
            if sealer and not is_observer(user)
            else (None if row.words else ""),
            data=row.data,
        )
        for row in rows
    )


def _seen(kept: answers.Kept, fills: Fills, *, personal: bool, words: bool) -> AnswerSeen:
    answer = kept.answer
    hidden = (fills in _CONTACT and not personal) or (fills in _WORDS and not words)
    house_number = personal and not hidden
    return AnswerSeen(
        slot=answer.slot,
        source=answer.source,
        value=None if hidden else answer.value,
        detail=answer.detail if house_number else "",
        recording=UUID(answer.recording) if answer.recording and personal else None,
        seconds=answer.seconds,
        hidden=hidden,
        erased=kept.erased,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfNumber:
    """A case that somebody with this number reported before."""

    code: str
    stage: str
    category: str
    created_at: datetime


def of_number(number: str, *, most: int = 5) -> tuple[CaseOfNumber, ...]:
    """The latest cases of who has this number (E.164), newest first."""
    rows = Case.objects.filter(reporter__phone_index=index_of(number)).order_by("-created_at")
    return tuple(
        CaseOfNumber(
            code=row.code, stage=row.stage, category=row.category, created_at=row.created_at
        )
        for row in rows[:most]
    )
