"""The lines of a case's timeline: what happened, in order, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.agencies.models import Agency
from hotline.domain.cases.models import Case, CaseEvent
from hotline.domain.people.sealing import Erased, Sealer, sealer_of

WORDS = "cases_caseevent.words"


class Kind(StrEnum):
    RECEIVED = "received"
    TRIAGED = "triaged"  # routing could not decide, or somebody must look again
    FORWARDED = "forwarded"
    ACCEPTED = "accepted"
    ASKED = "asked"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    NOTED = "noted"
    ADDED = "added"  # the citizen added to the case
    LISTENED = "listened"
    CALLED_BACK = "called_back"
    LATE = "late"  # a promise was broken


PUBLIC = frozenset(
    {
        Kind.RECEIVED,
        Kind.FORWARDED,
        Kind.ACCEPTED,
        Kind.ASKED,
        Kind.ANSWERED,
        Kind.RESOLVED,
        Kind.ADDED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line to be written. ``words`` are sealed; ``data`` takes codes only."""

    kind: Kind
    actor: User | None = None
    agency: Agency | None = None
    words: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def append(case: Case, entry: Entry, *, now: datetime, sealer: Sealer | None = None) -> CaseEvent:
    """Raises Refusal ``erased`` when words are to be written for an erased person."""
    made = line(case, entry, now=now, sealer=sealer)
    made.save(force_insert=True)
    return made


def line(
    case: Case,
    entry: Entry,
    *,
    now: datetime,
    version: int | None = None,
    sealer: Sealer | None = None,
) -> CaseEvent:
    """As ``append`` writes it, not written yet. ``version``: of the case then; None for now."""
    return CaseEvent(
        case=case,
        at=now,
        kind=entry.kind,
        actor=entry.actor,
        agency=entry.agency,
        public=entry.kind in PUBLIC,
        words=_sealed(case, entry.words, sealer),
        data={**entry.data, "version": version or case.version},
    )


def words_of(case: Case, line: CaseEvent, *, sealer: Sealer | None = None) -> str | None:
    """What was written; "" for a line without words, None when it was erased."""
    if line.words is None:
        return ""
    try:
        return (sealer or sealer_of(case.reporter_id)).text(line.words, where=WORDS)
    except Erased:
        return None


def _sealed(case: Case, words: str, sealer: Sealer | None) -> bytes | None:
    if not words:
        return None
    try:
        return (sealer or sealer_of(case.reporter_id)).seal(words, where=WORDS)
    except Erased:
        raise Refusal(
            "erased", gettext_noop("The data of this person was erased; nothing can be added.")
        ) from None
