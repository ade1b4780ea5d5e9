"""What officers see and do: the cases of their own agency, and nobody else's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound, Refusal
from hotline.domain.cases import selectors
from hotline.domain.cases.inbox import Tab
from hotline.domain.cases.workflow import Verb
from hotline.edges.screens.shared import acting, media
from hotline.edges.screens.shared.casepage import (
    case_page,
    contact_shown,
    context_of,
    later_than,
)
from hotline.edges.screens.shared.lists import counts_context, list_context
from hotline.edges.screens.shared.roles import OFFICERS, StaffRequest, allowed
from hotline.usecases.read_contact import read_contact

VERBS = frozenset({"accept", "ask", "answer", "resolve", "note"})
MEDIA = {"sound": "agency:sound", "photo": "agency:photo"}
TABS = {
    Tab.FORWARDED: _("New"),
    Tab.OVERDUE: _("Overdue"),
    Tab.ACCEPTED: _("In work"),
    Tab.WAITING: _("Waiting for citizens"),
    Tab.ANSWERED: _("Answered"),
    Tab.RESOLVED: _("Resolved"),
    Tab.ALL: _("All"),
}
LIST = {"list_url": "agency:cases", "case_url": "agency:case"}


@allowed(OFFICERS)
@require_GET
def cases(request: StaffRequest) -> HttpResponse:
    rows = list_context(request.user, request.GET, TABS, now=SystemClock().now())
    return render(request, "agency/cases.html", LIST | rows)


@allowed(OFFICERS)
@require_GET
def counts(request: StaffRequest) -> HttpResponse:
    """What the list refreshes by itself: how much each tab holds, and whether it is old."""
    tabs = counts_context(request.user, request.GET, TABS, now=SystemClock().now())
    return render(request, "shared/tabs.html", LIST | tabs)


@allowed(OFFICERS)
@require_GET
def case(request: StaffRequest, code: str) -> HttpResponse:
    return _page(request, code, now=SystemClock().now())


@allowed(OFFICERS)
@require_POST
def act(request: StaffRequest, code: str, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    now = SystemClock().now()
    try:
        draft = acting.act(request.user, code, verb, request.POST, now=now)
    except NotFound:
        return acting.gone(request)
    if draft is not None:
        return _page(request, code, now=now, draft=draft)
    messages.success(request, acting.DONE[verb])
    return redirect("agency:case", code=code)


@allowed(OFFICERS)
@require_POST
def contact(request: StaffRequest, code: str) -> HttpResponse:
    """Shows name and numbers, and writes to the history that they were read."""
    now = SystemClock().now()
    try:
        shown = contact_shown(read_contact(user=request.user, case=code, now=now))
    except NotFound:
        raise Http404 from None
    except Refusal as error:
        messages.warning(request, gettext(str(error)))
        return redirect("agency:case", code=code)
    if request.headers.get("HX-Request"):
        return render(request, "shared/case/contact.html", {"contact": shown, "read": True})
    return _page(request, code, now=now, contact=shown, read=True)


@allowed(OFFICERS)
@require_GET
def sound(request: StaffRequest, recording: UUID) -> HttpResponse:
    return media.sound(request, recording)


@allowed(OFFICERS)
@require_GET
def photo(request: StaffRequest, photo: UUID) -> HttpResponse:
    return media.photo(request, photo)


def _page(
    request: StaffRequest,
    code: str,
    *,
    now: datetime,
    draft: acting.Draft | None = None,
    **more: Any,
) -> HttpResponse:
    try:
        found = selectors.case_for(request.user, code)
    except NotFound:
        raise Http404 from None
    page = case_page(request.user, found, now=now)
    context = context_of(
        page,
        now=now,
        media=MEDIA,
        draft=draft,
        offered=draft is not None and selectors.may(request.user, Verb(draft.verb), found),
        newer=later_than(page.lines, draft.seen) if draft else (),
        contact_url=reverse("agency:contact", args=[code]),
        may={verb: selectors.may(request.user, verb, found) for verb in Verb},
        **more,
    )
    return render(request, "agency/case.html", context, status=acting.status(draft))
