"""Writes of cases: the only place where a case is changed.

Whoever changes a case names the version that they saw; the change is a compare-and-swap on
it, so of two people only the first writes and the second is told (``Stale``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_noop

from hotline.core.errors import Stale
from hotline.domain.accounts.models import User
from hotline.domain.agencies.models import Agency
from hotline.domain.cases import codes, timeline
from hotline.domain.cases.models import Case, DrawnCode, Referral, Stage
from hotline.domain.cases.workflow import Verb, require
from hotline.domain.people.models import Person
from hotline.domain.people.sealing import Sealer
from hotline.domain.places.models import Place

CHANGED = gettext_noop("Somebody changed this while you were writing.")
_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What a case begins with. ``pin_of`` is the id of the contact whose PIN it gets, or None
    for a case without one (the telephone: the last digits of the number prove it). ``code`` was
    drawn already (``draw_code``); empty for a new one."""

    complete: bool
    channel: str
    city_version: int
    branch: str
    script: str
    category: str
    urgent: bool
    place: Place | None
    reporter: Person
    subject: Person | None
    forward_due: datetime | None
    news_due: datetime | None
    answer_due: datetime | None
    pin_of: str | None
    code: str = ""


def create(new: NewCase, *, received_at: datetime, sealer: Sealer | None = None) -> Case:
    """A case with a code of its own and the first line of its timeline."""
    case = unsaved(new, code=new.code or draw_code(), received_at=received_at)
    case.save(force_insert=True)
    timeline.append(case, received(new), now=received_at, sealer=sealer)
    return case


def received(new: NewCase) -> timeline.Entry:
    return timeline.Entry(kind=timeline.Kind.RECEIVED, data={"channel": new.channel})


def draw_code() -> str:
    """A tracking code that was never given to anybody."""
    for _ in range(_TRIES):
        drawn, free = DrawnCode.objects.get_or_create(code=codes.new_code())
        if free:
            return drawn.code
    raise RuntimeError("No free tracking code was found.")


def unsaved(new: NewCase, *, code: str, received_at: datetime) -> Case:
    pin = codes.hash_pin(code=code, pin=codes.pin_of(new.pin_of)) if new.pin_of else ""
    return Case(
        code=code,
        pin=pin,
        created_at=received_at,
        complete=new.complete,
        channel=new.channel,
        city_version_id=new.city_version,
        branch=new.branch,
        script=new.script,
        category=new.category,
        urgent=new.urgent,
        place=new.place,
        reporter=new.reporter,
        subject=new.subject,
        forward_due=new.forward_due,
        news_due=new.news_due,
        answer_due=new.answer_due,
    )


def complete(case: Case, *, seen_version: int, facts: Mapping[str, Any]) -> None:
    """What became known after somebody listened: any of ``complete``, ``category``,
    ``urgent``, ``place``, ``subject`` and the due times. Raises Stale."""
    _change(case, seen_version, **facts)


def keep_in_triage(
    case: Case, *, seen_version: int, reason: Mapping[str, str], now: datetime
) -> None:
    """Routing cannot decide; ``reason`` says by language what is missing. Raises Stale."""
    _change(case, seen_version, reason=dict(reason))
    timeline.append(
        case,
        timeline.Entry(kind=timeline.Kind.TRIAGED, data={"reason": dict(reason)}),
        now=now,
    )


def forward(
    case: Case,
    *,
    seen_version: int,
    agency: Agency,
    reason: Mapping[str, str],
    actor: User | None,
    now: datetime,
    words: str = "",
) -> None:
    """One more hop: an open referral ends, a new one begins. ``words``: why, if somebody
    chose the agency by themselves. The same hop sent twice is one. Raises Stale, Refusal."""
    if case.agency == agency and _done_already(
        case, timeline.Kind.FORWARDED, seen_version=seen_version, actor=actor, words=words
    ):
        return
    _require_seen(case, seen_version)
    stage = require(Verb.FORWARD, case.stage)
    _change(
        case,
        seen_version,
        stage=stage,
        agency=agency,
        reason=dict(reason),
        first_forwarded_at=case.first_forwarded_at or now,
    )
    _end_referral(case, now=now)
    timeline.append(
        case,
        timeline.Entry(
            kind=timeline.Kind.FORWARDED,
            actor=actor,
            agency=agency,
            words=words,
            data={"reason": dict(reason)},
        ),
        now=now,
    )
    Referral.objects.create(
        case=case, agency=agency, reason=dict(reason), forwarded_at=now, forwarded_by=actor
    )


def act(
    case: Case,
    verb: Verb,
    *,
    seen_version: int,
    actor: User,
    agency: Agency | None,
    words: str,
    now: datetime,
) -> None:
    """Accept, ask, answer, resolve or note. The same act sent twice is done once.
    Raises Stale, Refusal."""
    kind = _KINDS[verb]
    if _done_already(case, kind, seen_version=seen_version, actor=actor, words=words):
        return
    _require_seen(case, seen_version)
    stage = require(verb, case.stage)
    _change(case, seen_version, stage=stage, **_also(verb, now))
    _move_referral(case, verb, now=now)
    timeline.append(
        case, timeline.Entry(kind=kind, actor=actor, agency=agency, words=words), now=now
    )


def add(case: Case, *, entry: timeline.Entry, now: datetime, sealer: Sealer | None = None) -> None:
    """The citizen adds to the case: it goes back to whoever must look at it next. This never
    fails for a newer version: what a citizen says is not lost to a race."""
    Case.objects.filter(pk=case.pk).update(
        version=F("version") + 1, stage=_after_addition(case), resolved_at=None
    )
    case.refresh_from_db()
    timeline.append(case, entry, now=now, sealer=sealer)


_KINDS = {
    Verb.ACCEPT: timeline.Kind.ACCEPTED,
    Verb.ASK: timeline.Kind.ASKED,
    Verb.ANSWER: timeline.Kind.ANSWERED,
    Verb.RESOLVE: timeline.Kind.RESOLVED,
    Verb.NOTE: timeline.Kind.NOTED,
}


def _change(case: Case, seen_version: int, **fields: Any) -> None:
    changed = Case.objects.filter(pk=case.pk, version=seen_version).update(
        version=F("version") + 1, **fields
    )
    if not changed:
        raise Stale(CHANGED)
    case.refresh_from_db()


def _require_seen(case: Case, seen_version: int) -> None:
    """Somebody with an old page is told so before anything is said about the new stage."""
    if case.version != seen_version:
        raise Stale(CHANGED)


def _also(verb: Verb, now: datetime) -> dict[str, datetime]:
    return {"resolved_at": now} if verb is Verb.RESOLVE else {}


def _done_already(
    case: Case, kind: timeline.Kind, *, seen_version: int, actor: User | None, words: str = ""
) -> bool:
    """The same person's same act on the same version: the form was sent twice."""
    line = case.events.filter(kind=kind, actor=actor, data__version=seen_version + 1).first()
    return line is not None and actor is not None and timeline.words_of(case, line) == words


def _move_referral(case: Case, verb: Verb, *, now: datetime) -> None:
    referral = case.referrals.filter(ended_at=None).first()
    if referral is None:
        return
    if verb is Verb.ACCEPT:
        referral.accepted_at = now
    elif verb is Verb.ANSWER:
        referral.answered_at = referral.answered_at or now
    elif verb is Verb.RESOLVE:
        referral.ended_at = now
    referral.save(update_fields=["accepted_at", "answered_at", "ended_at"])


def _end_referral(case: Case, *, now: datetime) -> None:
    Referral.objects.filter(case=case, ended_at=None).update(ended_at=now)


def _after_addition(case: Case) -> Stage:
    referral = Referral.objects.filter(case=case, ended_at=None).first()
    if referral is None:
        return Stage.TRIAGE
    return Stage.ACCEPTED if referral.accepted_at else Stage.FORWARDED
