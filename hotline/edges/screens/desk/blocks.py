"""Blocked callers, for supervisors to look at."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.phones import national
from hotline.domain.calls import blocks
from hotline.edges.screens.shared.roles import CITY_KEEPERS, StaffRequest, allowed
from hotline.usecases.review_block import review_block


@allowed(CITY_KEEPERS)
@require_GET
def listed(request: StaffRequest) -> HttpResponse:
    """Those not looked at come first."""
    try:
        rows = blocks.in_force(request.user, now=SystemClock().now())
    except NotFound:
        raise Http404 from None
    shown = [(row, national(row.number) if row.number else "") for row in rows]
    return render(request, "desk/blocks.html", {"at": "blocks", "rows": shown})


@allowed(CITY_KEEPERS)
@require_POST
def review(request: StaffRequest, block: int) -> HttpResponse:
    verdict = request.POST.get("verdict", "")
    try:
        review_block(user=request.user, block=block, verdict=verdict, now=SystemClock().now())
    except NotFound:
        raise Http404 from None
    except Refusal as error:
        messages.warning(request, _(str(error)))
    else:
        lifted = verdict == blocks.LIFT
        messages.success(request, _("The block is lifted.") if lifted else _("The block stays."))
    return redirect("desk:blocks")
