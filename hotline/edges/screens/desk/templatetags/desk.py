"""What every page of the desk shows: how much waits, and what is broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound
from hotline.domain.accounts.models import User
from hotline.domain.calls import blocks
from hotline.domain.calls import selectors as calls
from hotline.domain.cases import listening
from hotline.domain.cases.listening import Backlog
from hotline.domain.city import selectors as cities
from hotline.domain.city.models import CityRefusal
from hotline.domain.contacts import selectors as contacts
from hotline.domain.contacts.selectors import LostRecording
from hotline.edges.screens.shared.roles import CITY_KEEPERS, OPERATORS

register = template.Library()

REASONS = {
    "asked": _("asked for a person"),
    "no_answer": _("could not answer the questions by telephone"),
    "refused_recording": _("does not want to be recorded"),
    "announcement": _("was given an outside number, wants to be called"),
    "recording_failed": _("could not be recorded"),
    "hung_up": _("hung up before the end"),
    "missed": _("the call could not be taken"),
    "fault": _("the line broke off"),
    "call_out": _("an operator wants to speak with them"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits at the desk; ``call_backs_late``: the first of them is overdue. ``blocks``:
    blocked callers whom no supervisor has looked at, for those who may."""

    listening: Backlog
    call_backs: int
    call_backs_late: bool
    may_review: bool
    blocks: int


@register.simple_tag(takes_context=True)
def waiting(context: Mapping[str, Any]) -> Waiting | None:
    """None for those who don't work at the desk."""
    user: User = context["request"].user
    if user.role not in OPERATORS:
        return None
    now = SystemClock().now()
    try:
        page = calls.call_backs(user, now=now)
    except NotFound:
        return None
    return Waiting(
        listening=listening.backlog(now),
        call_backs=page.total,
        call_backs_late=any(row.overdue for row in page.rows[:1]),
        may_review=user.role in CITY_KEEPERS,
        blocks=blocks.unreviewed(now=now) if user.role in CITY_KEEPERS else 0,
    )


@register.simple_tag(takes_context=True)
def city_refusals(context: Mapping[str, Any]) -> Sequence[CityRefusal]:
    """The broken city folders, for those who can have them mended."""
    return cities.refusals() if context["request"].user.role in CITY_KEEPERS else ()


@register.simple_tag(takes_context=True)
def lost_recordings(context: Mapping[str, Any]) -> Sequence[LostRecording]:
    """Recordings whose file never arrived, for those who can ring back."""
    return contacts.lost_recordings() if context["request"].user.role in OPERATORS else ()


@register.filter
def why(reason: str) -> str:
    """Why somebody waits for a call, in words."""
    return str(REASONS.get(reason, reason))
