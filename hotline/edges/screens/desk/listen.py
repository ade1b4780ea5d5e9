"""The listening queue: take the next recording, write down what was said, save."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound, Refusal, Stale
from hotline.domain.cases import listening, selectors
from hotline.domain.cases.models import Case
from hotline.domain.city import selectors as cities
from hotline.edges.screens.desk import hearing
from hotline.edges.screens.shared.casepage import case_page, context_of, later_than
from hotline.edges.screens.shared.lists import whole, written
from hotline.edges.screens.shared.roles import OPERATORS, StaffRequest, allowed
from hotline.usecases.claim_listening import claim_listening
from hotline.usecases.complete_listening import complete_listening
from hotline.usecases.release_listening import release_listening

MEDIA = {"sound": "desk:sound", "photo": "desk:photo"}


@allowed(OPERATORS)
@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    """How much waits; after saving, where the case went."""
    now = SystemClock().now()
    done = request.GET.get("done", "")
    mine = listening.claim_of(request.user, now)
    context = {
        "at": "listen",
        "now": now,
        "backlog": listening.backlog(now),
        "mine": mine.case if mine else None,
        "done": _visible(request, done) if done else None,
    }
    part = "desk/backlog.html" if request.headers.get("HX-Request") else "desk/listen.html"
    return render(request, part, context)


@allowed(OPERATORS)
@require_POST
def take_next(request: StaffRequest) -> HttpResponse:
    code = claim_listening(user=request.user, now=SystemClock().now())
    if code is None:
        messages.info(request, _("Nothing waits to be heard."))
        return redirect("desk:listen")
    return redirect("desk:hear", code=code)


@allowed(OPERATORS)
@require_http_methods(["GET", "POST"])
def hear(request: StaffRequest, code: str) -> HttpResponse:
    """The page with the player; a POST saves, or only searches a place (without script)."""
    now = SystemClock().now()
    found = _visible(request, code)
    if request.method == "POST":
        return _save(request, found, now=now)
    task = listening.task_of(found)
    if task is None:
        messages.info(request, _("Somebody has listened to this case already."))
        return redirect("desk:case", code=code)
    taken = task.claimed_until is not None and task.claimed_until > now
    if taken and task.claimed_by_id != request.user.pk:
        messages.warning(request, _("Somebody else is listening to this case now."))
        return redirect("desk:listen")
    return _page(request, found, now=now)


@allowed(OPERATORS)
@require_POST
def release(request: StaffRequest, code: str) -> HttpResponse:
    release_listening(user=request.user, case=code, now=SystemClock().now())
    messages.info(request, _("The case is back in the queue for others."))
    return redirect("desk:listen")


@allowed(OPERATORS)
@require_GET
def find_places(request: StaffRequest) -> HttpResponse:
    """Places that match what is being typed, as choices of one slot."""
    slot = request.GET.get("slot", "")
    _version, city = cities.current()
    chosen = written(request.GET, f"place-{slot}")
    search = written(request.GET, f"search-{slot}")
    field = {
        "slot": slot,
        "value": chosen,
        "search": search,
        "candidates": hearing.place_choices(chosen, search, city, SystemClock().now()),
    }
    return render(request, "desk/candidates.html", {"field": field})


def _save(request: StaffRequest, found: Case, *, now: datetime) -> HttpResponse:
    if "find" in request.POST:
        return _page(request, found, now=now, form_was_sent=True)
    seen = request.POST.get("seen_version", "")
    try:
        complete_listening(
            user=request.user,
            case=found.code,
            seen_version=whole(seen, 0),
            answers=hearing.heard(request.user, found, request.POST),
            heard=written(request.POST, "heard"),
            now=now,
        )
    except NotFound:
        raise Http404 from None
    except Refusal as error:
        return _page(request, found, now=now, form_was_sent=True, refusal=error)
    return redirect(f"{reverse('desk:listen')}?done={found.code}")


def _page(
    request: StaffRequest,
    found: Case,
    *,
    now: datetime,
    form_was_sent: bool = False,
    refusal: Refusal | None = None,
) -> HttpResponse:
    found.refresh_from_db()
    problems: Mapping[str, str] = getattr(refusal, "problems", {})
    form = request.POST if form_was_sent else None
    page = case_page(request.user, found, now=now)
    seen = request.POST.get("seen_version", "")
    stale = isinstance(refusal, Stale)
    task = listening.task_of(found)
    context: dict[str, Any] = context_of(
        page,
        at="listen",
        now=now,
        media=MEDIA,
        contact_url=reverse("desk:contact", args=[found.code]),
        sheet=hearing.sheet(request.user, found, form=form, problems=problems, now=now),
        until=task.claimed_until if task and task.claimed_by_id == request.user.pk else None,
        backlog=listening.backlog(now),
        heard=form.get("heard", "") if form else "",
        refusal=refusal,
        stale=stale,
        newer=later_than(page.lines, whole(seen, 0)) if stale else (),
    )
    return render(request, "desk/hear.html", context, status=_status(refusal))


def _status(refusal: Refusal | None) -> int:
    if refusal is None:
        return 200
    return 409 if isinstance(refusal, Stale) else 422


def _visible(request: StaffRequest, code: str) -> Case:
    try:
        return selectors.case_for(request.user, code)
    except NotFound:
        raise Http404 from None
