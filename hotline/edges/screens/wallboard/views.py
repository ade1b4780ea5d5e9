"""The wallboard's page, and switching a branch from it."""

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound, Refusal
from hotline.domain.accounts.models import User
from hotline.domain.city import selectors as cities
from hotline.domain.queue.models import SwitchTo
from hotline.edges.screens.shared import context
from hotline.edges.screens.shared.roles import CITY_KEEPERS, READERS, StaffRequest, allowed
from hotline.edges.screens.wallboard import words
from hotline.edges.screens.wallboard.latest import latest
from hotline.reports.wallboard import Snapshot, as_json, without_names
from hotline.usecases.end_switch import end_switch
from hotline.usecases.switch_branch import switch_branch

MINUTES = (15, 30, 60)
UNTIL = "until"


@allowed(READERS)
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Everything as it is now; the page's script keeps it up to date from the live plane."""
    seen = _seen_by(request.user, SystemClock().now())
    labels = _labels()
    shown = {
        "seen": seen,
        "sums": _sums(seen),
        "rows": [(branch, labels.get(branch.branch, "")) for branch in seen.branches],
        "may_switch": request.user.role in CITY_KEEPERS,
        "minutes": MINUTES,
        "words": words.for_script(),
    }
    return render(request, "wallboard/board.html", shown)


@allowed(READERS)
@require_safe
def state(request: StaffRequest) -> HttpResponse:
    """The snapshot as the live plane sends it, for pages that cannot reach that."""
    seen = _seen_by(request.user, SystemClock().now())
    return HttpResponse(as_json(seen), content_type="application/json")


@allowed(CITY_KEEPERS)
@require_POST
def switch(request: StaffRequest) -> HttpResponse:
    """One click: the branch of the button, to where and for how long the bar above says."""
    now = SystemClock().now()
    branch = request.POST.get("branch", "")
    try:
        row = switch_branch(
            user=request.user,
            branch=branch,
            to=request.POST.get("to", ""),
            minutes=_minutes(request.POST.get("for", ""), request.POST.get("at", ""), now),
            now=now,
        )
    except Refusal as error:
        messages.error(request, gettext(str(error)))
    else:
        said = {
            "branch": branch,
            "until": f"{_local(row.until):%H:%M}",
        }
        text = (
            gettext("Branch %(branch)s: the callbot answers until %(until)s.")
            if row.to == SwitchTo.CALLBOT
            else gettext("Branch %(branch)s: callers hear the announcement until %(until)s.")
        )
        messages.success(request, text % said)
    return redirect("wallboard:board")


@allowed(CITY_KEEPERS)
@require_POST
def end(request: StaffRequest) -> HttpResponse:
    """Back to people."""
    branch = request.POST.get("branch", "")
    try:
        end_switch(user=request.user, branch=branch, now=SystemClock().now())
    except Refusal as error:
        messages.error(request, gettext(str(error)))
    else:
        text = gettext("Branch %(branch)s: people answer again.")
        messages.success(request, text % {"branch": branch})
    return redirect("wallboard:board")


_NAMELESS = READERS - CITY_KEEPERS - {"operator"}


def _seen_by(user: User, now: datetime) -> Snapshot:
    """A page that is asked for shows what its reader has just done."""
    seen = latest(now, at_least=now)
    return without_names(seen) if user.role in _NAMELESS else seen


def _sums(seen: Snapshot) -> dict[str, object]:
    """Over all branches."""
    counted = ("waiting", "talking", "with_bot")
    oldest = (branch.oldest for branch in seen.branches if branch.oldest is not None)
    return {
        **{name: sum(getattr(branch, name) for branch in seen.branches) for name in counted},
        "oldest": min(oldest, default=None),
    }


def _labels() -> dict[str, str]:
    """What the city calls its branches."""
    try:
        _, city = cities.current()
    except NotFound:
        return {}
    return {branch.key: context.say(branch.label) for branch in city.menu.branches}


def _minutes(chosen: str, at: str, now: datetime) -> int:
    """``chosen``: how many minutes, or ``until`` a time of day (``at``, HH:MM, local to the
    city, tomorrow if it has passed today). 0, which nobody may choose, for anything else."""
    if chosen != UNTIL:
        return int(chosen) if chosen.isdecimal() and len(chosen) <= 5 else 0
    try:
        hour, minute = (int(part) for part in at.split(":")[:2])
        until = _local(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError:
        return 0
    if until <= now:
        until += timedelta(days=1)
    return math.ceil((until - now).total_seconds() / 60)


def _local(moment: datetime) -> datetime:
    """In the city's time."""
    return timezone.localtime(moment, _zone())


def _zone() -> ZoneInfo:
    _, city = cities.current()
    return city.time_zone
