"""The operators' list of cases."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from hotline.core.clock import SystemClock
from hotline.domain.cases import codes
from hotline.domain.cases.inbox import Tab
from hotline.edges.screens.shared.lists import counts_context, list_context
from hotline.edges.screens.shared.roles import READERS, StaffRequest, allowed

TABS = {
    Tab.TRIAGE: _("To sort"),
    Tab.OVERDUE: _("Overdue"),
    Tab.FORWARDED: _("Forwarded"),
    Tab.ACCEPTED: _("In work"),
    Tab.WAITING: _("Waiting for citizens"),
    Tab.ANSWERED: _("Answered"),
    Tab.RESOLVED: _("Resolved"),
    Tab.ALL: _("All"),
}
LIST = {"at": "inbox", "list_url": "desk:inbox", "case_url": "desk:case"}


@allowed(READERS)
@require_GET
def inbox(request: StaffRequest) -> HttpResponse:
    rows = list_context(request.user, request.GET, TABS, now=SystemClock().now())
    return render(request, "desk/inbox.html", LIST | rows)


@allowed(READERS)
@require_GET
def counts(request: StaffRequest) -> HttpResponse:
    """What the list refreshes by itself: how much each tab holds, and whether it is old."""
    tabs = counts_context(request.user, request.GET, TABS, now=SystemClock().now())
    return render(request, "shared/tabs.html", LIST | tabs)


@allowed(READERS)
@require_GET
def waiting(request: StaffRequest) -> HttpResponse:
    """What every page of the desk refreshes by itself: how much waits to be heard or rung."""
    return render(request, "desk/links.html", {"at": request.GET.get("at", "")})


@allowed(READERS)
@require_GET
def find(request: StaffRequest) -> HttpResponse:
    """To the case with this code; a part of a code lists what begins so."""
    code = codes.clean(request.GET.get("code", ""))
    if codes.well_formed(code):
        return redirect("desk:case", code=code)
    if len(code) == codes.LENGTH:
        messages.warning(request, gettext("No case can have this code. A digit is wrong."))
        return redirect("desk:inbox")
    return redirect(f"{reverse('desk:inbox')}?{urlencode({'tab': Tab.ALL, 'code': code})}")
