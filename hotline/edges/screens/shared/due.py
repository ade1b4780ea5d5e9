"""How much time is left, in words that are read at a glance."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotline.domain.cases.models import Case, Stage

# A clock warns when three quarters of its time are gone.
WARN_AT = 0.75


class Tone(StrEnum):
    LATE = "late"
    SOON = "soon"
    CALM = "calm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise: what is due, when, and how near that is. ``met``: it no longer runs."""

    name: str
    at: datetime
    words: str
    tone: Tone
    met: bool = False


def tone(due: datetime, *, since: datetime, now: datetime) -> Tone:
    """``since`` is when the clock began to run."""
    if due < now:
        return Tone.LATE
    return Tone.SOON if now >= since + WARN_AT * (due - since) else Tone.CALM


def due_words(due: datetime, *, now: datetime) -> str:
    """“3 minutes left”, “2 hours late”; the largest unit only, never more than is left."""
    return _late(now - due) if due < now else _left(due - now)


def ago_words(at: datetime, *, now: datetime) -> str:
    """“5 minutes ago”."""
    past = now - at
    minutes = int(past.total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if past < timedelta(days=1):
        hours = minutes // 60
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    return ngettext("%(n)d day ago", "%(n)d days ago", past.days) % {"n": past.days}


def clocks(case: Case, *, now: datetime) -> tuple[Clock, ...]:
    """The promises of a case in the order in which they fall due."""
    closed = case.stage in {Stage.ANSWERED, Stage.RESOLVED}
    with_agency = case.stage in {Stage.ACCEPTED, Stage.WAITING_CITIZEN}
    promises = (
        (_("Forward"), case.forward_due, closed or case.first_forwarded_at is not None),
        (_("News from the agency"), case.news_due, closed or with_agency),
        (_("Answer"), case.answer_due, closed),
    )
    return tuple(
        Clock(
            name=name,
            at=due,
            words="" if met else due_words(due, now=now),
            tone=Tone.CALM if met else tone(due, since=case.created_at, now=now),
            met=met,
        )
        for name, due, met in promises
        if due is not None
    )


def _left(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute left")
    if minutes < 60:
        return ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
    return ngettext("%(n)d day left", "%(n)d days left", span.days) % {"n": span.days}


def _late(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return _("due now")
    if minutes < 60:
        return ngettext("%(n)d minute late", "%(n)d minutes late", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d hour late", "%(n)d hours late", hours) % {"n": hours}
    return ngettext("%(n)d day late", "%(n)d days late", span.days) % {"n": span.days}
