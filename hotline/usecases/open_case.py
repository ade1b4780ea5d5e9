"""A citizen opens the own case: the code and a proof that it is theirs."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.dialogue.phones import last_digits
from hotline.domain.cases import attempts, codes, selectors, timeline
from hotline.domain.cases.models import Case, Stage
from hotline.domain.cases.timeline import Kind
from hotline.domain.people.selectors import phone_of
from hotline.usecases.track_case import TrackedStage, stage_of, tracked

TOKEN_LASTS = timedelta(hours=1)
_SALT = "hotline.tracking"
_SAID = frozenset({Kind.ASKED, Kind.ANSWERED, Kind.RESOLVED, Kind.ADDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedLine:
    """What happened, for the citizen. ``words``: what was written to or by them; None if it
    was erased. ``agency``: its name by language."""

    at: datetime
    kind: str
    words: str | None
    agency: Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedCase:
    """``token`` opens the case again for an hour without the proof. ``question``: what the
    citizen is asked and has not answered."""

    stage: TrackedStage
    token: str
    agency: Mapping[str, str] | None
    lines: tuple[TrackedLine, ...]
    question: str | None


def open_case(*, code: str, proof: str, now: datetime) -> TrackedCase:
    """``proof``: the last four digits of the reporter's number, or the PIN. Raises Refusal
    (``mistyped_code``, ``wrong_proof``, ``too_many_attempts``), NotFound."""
    case = tracked(code)
    with transaction.atomic():
        # One proof of a case after the other: whoever guesses many at once is counted too.
        case = (
            Case.objects.select_for_update(of=("self",))
            .select_related("agency", "reporter")
            .get(pk=case.pk)
        )
        attempts.require_patience(case, now=now)
        proven = _proves(case, codes.clean(proof))
        if not proven:
            attempts.failed(case, now=now)
    if not proven:
        raise Refusal("wrong_proof", gettext_noop("These digits do not belong to this case."))
    return _seen(case, now=now)


def reopen_case(*, code: str, token: str, now: datetime) -> TrackedCase:
    """With the token of an earlier ``open_case``. Raises Refusal ``expired``, NotFound."""
    return _seen(case_of_token(code=code, token=token, now=now), now=now)


def case_of_token(*, code: str, token: str, now: datetime) -> Case:
    """The case that was opened with this token. Raises Refusal ``expired``, NotFound."""
    try:
        content = signing.loads(token, salt=_SALT)
        until = datetime.fromisoformat(content["until"])
        fits = content["code"] == codes.clean(code) and until > now
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        fits = False
    if not fits:
        raise Refusal("expired", gettext_noop("Please prove again that this case is yours."))
    return tracked(code)


def _proves(case: Case, proof: str) -> bool:
    if not (proof.isascii() and proof.isdecimal()):
        return False
    if len(proof) == codes.PIN_LENGTH:
        return codes.pin_fits(code=case.code, pin=proof, stored=case.pin)
    return any(
        hmac.compare_digest(last_digits(number), proof)
        for number in (phone_of(person) for person in selectors.reporters_of(case))
        if number and len(last_digits(number)) == len(proof)
    )


def _seen(case: Case, *, now: datetime) -> TrackedCase:
    lines = tuple(
        TrackedLine(
            at=line.at,
            kind=line.kind,
            words=timeline.words_of(case, line) if line.kind in _SAID else "",
            agency=line.agency.name if line.agency else None,
        )
        for line in selectors.public_lines(case)
    )
    asked = next((line for line in reversed(lines) if line.kind == Kind.ASKED), None)
    waiting = case.stage == Stage.WAITING_CITIZEN and asked is not None
    return TrackedCase(
        stage=stage_of(case, now=now),
        token=signing.dumps(
            {"code": case.code, "until": (now + TOKEN_LASTS).isoformat()}, salt=_SALT
        ),
        agency=case.agency.name if case.agency else None,
        lines=lines,
        question=asked.words if waiting and asked else None,
    )
