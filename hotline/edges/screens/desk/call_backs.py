"""People who wait for our call, the most urgent first."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.phones import national
from hotline.domain.calls import selectors as calls
from hotline.domain.city import selectors as cities
from hotline.edges.screens.shared.context import say
from hotline.edges.screens.shared.lists import whole
from hotline.edges.screens.shared.roles import OPERATORS, StaffRequest, allowed
from hotline.usecases.close_call_back import close_call_back
from hotline.usecases.show_call_back_number import show_call_back_number

RESULTS = {
    "reached": _("Reached"),
    "unreachable": _("Not reached"),
    "wrong_number": _("Wrong number"),
    "not_needed": _("No longer needed"),
}


@allowed(OPERATORS)
@require_GET
def call_backs(request: StaffRequest) -> HttpResponse:
    return _page(request)


@allowed(OPERATORS)
@require_POST
def number(request: StaffRequest, call_back: int) -> HttpResponse:
    """Shows one number, and writes to the history that it was read."""
    now = SystemClock().now()
    try:
        shown = show_call_back_number(user=request.user, call_back=call_back, now=now)
    except NotFound:
        raise Http404 from None
    return _page(
        request, shown_id=call_back, number=shown, national=national(shown) if shown else ""
    )


@allowed(OPERATORS)
@require_POST
def close(request: StaffRequest, call_back: int) -> HttpResponse:
    result = request.POST.get("result", "")
    if result not in RESULTS:
        raise Http404
    try:
        close_call_back(
            user=request.user, call_back=call_back, result=result, now=SystemClock().now()
        )
    except NotFound:
        raise Http404 from None
    except Refusal as error:
        messages.warning(request, gettext(str(error)))
    else:
        messages.success(request, gettext("The result is kept."))
    return redirect("desk:call_backs")


def _page(request: StaffRequest, **shown: Any) -> HttpResponse:
    now = SystemClock().now()
    which = whole(request.GET.get("page", ""), 1)
    _version, city = cities.current()
    page = calls.call_backs(request.user, now=now, page=which)
    branches = {branch.key: say(branch.label) for branch in city.menu.branches}
    context = {
        "at": "calls",
        "now": now,
        "page": page,
        "rows": [(row, branches.get(row.branch, "")) for row in page.rows],
        "results": RESULTS.items(),
    }
    return render(request, "desk/call_backs.html", context | shown)
