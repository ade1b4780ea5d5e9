"""What only staff pages show: time that is left, the agency of who signed in, sources."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotline.domain.agencies import selectors as agencies
from hotline.domain.cases.selectors import Line
from hotline.edges.screens.shared import due
from hotline.edges.screens.shared.context import say
from hotline.edges.screens.shared.templatetags.shown import moment

register = template.Library()

CHANNELS = {
    "voice": _("telephone"),
    "web": _("web form"),
    "chat": _("chat"),
    "desk": _("desk"),
}
SOURCES = {
    "keys": _("keys of the telephone"),
    "speech": _("spoken, nobody has listened yet"),
    "typed": _("typed by the citizen"),
    "caller_id": _("number of the call"),
    "operator": _("written by an operator"),
}
# The domain's labels speak to citizens; these speak to staff.
STAGES = {
    "triage": _("to be sorted"),
    "forwarded": _("forwarded"),
    "accepted": _("in work"),
    "waiting_citizen": _("waits for the citizen"),
    "answered": _("answered"),
    "resolved": _("resolved"),
}
STAGE_TONES = {
    "triage": "gold",
    "forwarded": "gold",
    "accepted": "teal",
    "waiting_citizen": "",
    "answered": "green",
    "resolved": "green",
}


@register.simple_tag(takes_context=True)
def agency_of_user(context: Mapping[str, Any]) -> str:
    """The name of the signed-in officer's agency, or nothing."""
    agency = agencies.agency_of(context["request"].user)
    return say(agency.name) if agency else ""


@register.simple_tag
def time_left(at: datetime | None, since: datetime, now: datetime) -> SafeString | str:
    """What is left until ``at`` as a ``<time>`` whose title is the moment itself."""
    if at is None:
        return ""
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>',
        due.tone(at, since=since, now=now),
        at.isoformat(),
        moment(at),
        due.due_words(at, now=now),
    )


@register.simple_tag
def ago(at: datetime | None, now: datetime) -> SafeString | str:
    """How long ago it was, as a ``<time>``."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        moment(at),
        due.ago_words(at, now=now),
    )


@register.filter
def channel(key: str) -> str:
    return str(CHANNELS.get(key, key))


@register.filter
def source(key: str) -> str:
    return str(SOURCES.get(key, key))


@register.filter
def stage_words(stage: str) -> str:
    return str(STAGES.get(stage, stage))


@register.filter
def stage_tone(stage: str) -> str:
    """The colour of a stage's tag; the words beside it say the same."""
    return STAGE_TONES.get(stage, "")


@register.filter
def seconds(length: float | None) -> str:
    """``0:07``, as players write it."""
    if length is None:
        return ""
    whole = round(length)
    return f"{whole // 60}:{whole % 60:02d}"


@register.filter
def degrees(angle: float) -> str:
    """To about a metre, with a point whatever the language, so that it can be copied to a map."""
    return f"{angle:.5f}"


@register.filter
def translated(sentence: str) -> str:
    """A sentence that the domain gave as a message id."""
    return gettext(sentence) if sentence else ""


LINES = {
    "received": _("Received"),
    "triaged": _("Must be sorted by a person"),
    "forwarded": _("Forwarded to %(agency)s"),
    "accepted": _("Accepted by %(agency)s"),
    "asked": _("The citizen was asked"),
    "answered": _("Answer to the citizen"),
    "resolved": _("Resolved"),
    "noted": _("Note for staff"),
    "added": _("The citizen added"),
    "listened": _("An operator listened and wrote it down"),
    "called_back": _("Called back"),
    "late": _("The promised time has passed"),
}


@register.filter
def happened(line: Line) -> str:
    """What a line of the timeline says."""
    agency = say(line.agency.name) if line.agency else gettext("an agency")
    return str(LINES.get(line.kind, line.kind)) % {"agency": agency}


@register.filter
def by_whom(line: Line) -> str:
    """Who did it: the person, and their agency where the sentence doesn't name it."""
    agency = say(line.agency.name) if line.agency else ""
    if line.kind in {"forwarded", "accepted"} or not agency:
        return line.actor
    return f"{line.actor}, {agency}" if line.actor else agency
