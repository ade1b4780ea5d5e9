"""One case at the desk: read it, write, ask, answer, forward."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound
from hotline.domain.agencies import selectors as agencies
from hotline.domain.calls import selectors as calls
from hotline.domain.cases import listening, selectors
from hotline.domain.cases.models import Case
from hotline.domain.cases.workflow import Verb
from hotline.edges.screens.shared import acting, media
from hotline.edges.screens.shared.casepage import (
    case_page,
    contact_shown,
    context_of,
    later_than,
)
from hotline.edges.screens.shared.roles import OPERATORS, READERS, StaffRequest, allowed
from hotline.usecases.read_contact import read_contact

VERBS = frozenset({"forward", "note", "ask", "answer"})
MEDIA = {"sound": "desk:sound", "photo": "desk:photo"}


@allowed(READERS)
@require_GET
def case(request: StaffRequest, code: str) -> HttpResponse:
    return _page(request, code, now=SystemClock().now())


@allowed(OPERATORS)
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
    return redirect("desk:case", code=code)


@allowed(OPERATORS)
@require_POST
def contact(request: StaffRequest, code: str) -> HttpResponse:
    """Shows name and numbers, and writes to the history that they were read."""
    now = SystemClock().now()
    try:
        shown = contact_shown(read_contact(user=request.user, case=code, now=now))
    except NotFound:
        raise Http404 from None
    if request.headers.get("HX-Request"):
        return render(request, "shared/case/contact.html", {"contact": shown, "read": True})
    return _page(request, code, now=now, contact=shown, read=True)


@allowed(READERS)
@require_GET
def sound(request: StaffRequest, recording: UUID) -> HttpResponse:
    return media.sound(request, recording)


@allowed(READERS)
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
    acts = request.user.role in OPERATORS
    context = context_of(
        page,
        at="case",
        now=now,
        media=MEDIA,
        draft=draft,
        offered=draft is not None and selectors.may(request.user, Verb(draft.verb), found),
        newer=later_than(page.lines, draft.seen) if draft else (),
        contact_url=reverse("desk:contact", args=[code]),
        task=listening.task_of(found) if acts else None,
        call_backs=calls.call_backs_of_case(found, now=now) if acts else (),
        **(_actions(request, found) if acts else {}),
        **more,
    )
    return render(request, "desk/case.html", context, status=acting.status(draft))


def _actions(request: StaffRequest, found: Case) -> dict[str, Any]:
    """What may be done now, with routing's proposal where the case can be forwarded."""
    may = {verb: selectors.may(request.user, verb, found) for verb in Verb}
    routed = selectors.proposal(found)
    held = found.agency is not None and found.agency.code == routed.agency
    return {
        "may": may,
        "proposal": routed,
        # Where the case is already, it need not be sent again.
        "proposed": agencies.by_code(routed.agency) if routed.agency and not held else None,
        "agencies": agencies.active() if may[Verb.FORWARD] else (),
    }
