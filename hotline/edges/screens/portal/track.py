"""Following a report: the code alone shows stage and dates, a proof opens the rest."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hotline.core.errors import NotFound, Refusal
from hotline.edges.screens.portal import opened
from hotline.edges.screens.portal.stages import promises, sentence, steps
from hotline.usecases.add_words import add_words
from hotline.usecases.open_case import TrackedCase, open_case, reopen_case
from hotline.usecases.track_case import TrackedStage, track_case

REFUSED = 422
TOO_MANY = 429


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Where the code is typed; a code that is known leads on."""
    if "code" not in request.GET:
        return render(request, "portal/find.html", {"back": reverse("home")})
    typed = request.GET["code"]
    try:
        stage = track_case(code=typed, now=timezone.now())
    except NotFound:
        problem = _("We know no report with this code. Please compare it with what you wrote down.")
    except Refusal as refusal:
        problem = _(str(refusal)) if typed.strip() else _("Please type your code.")
    else:
        return redirect("track_stage", stage.code)
    context = {"back": reverse("home"), "entered": typed, "problem": problem}
    return render(request, "portal/find.html", context, status=REFUSED)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, code: str) -> HttpResponse:
    """Stage and dates; for those who have proven it: answers, questions, words to add."""
    try:
        tracked = track_case(code=code, now=timezone.now())
    except Refusal:
        return _not_found(code)
    token = opened.token_of(request, tracked.code)
    if token is None:
        return _page(request, tracked)
    try:
        if request.method == "POST":
            return _add(request, tracked, token)
        return _page(request, tracked, seen=reopen_case(code=code, token=token, now=timezone.now()))
    except Refusal as refusal:
        opened.forget(request, tracked.code)
        return _page(request, tracked, problem=_(str(refusal)), words=request.POST.get("words", ""))


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the PIN or the last digits of the number; reloaded, it is the page itself."""
    if request.method != "POST":
        return redirect("track_stage", code)
    now = timezone.now()
    try:
        seen = open_case(code=code, proof=request.POST.get("proof", ""), now=now)
    except NotFound:
        return _not_found(code)
    except Refusal as refusal:
        tracked = track_case(code=code, now=now)
        status = TOO_MANY if refusal.code == "too_many_attempts" else REFUSED
        return _page(request, tracked, problem=_(str(refusal)), status=status)
    opened.keep(request, seen)
    return redirect("track_stage", seen.stage.code)


@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Closes an opened report, for those who share a computer."""
    opened.forget(request, code)
    return redirect("track_stage", code)


def _not_found(code: str) -> HttpResponse:
    return redirect(f"{reverse('track')}?{urlencode({'code': code})}")


def _add(request: HttpRequest, tracked: TrackedStage, token: str) -> HttpResponse:
    """Adds words; what cannot be taken stays in the form. Raises Refusal ``expired``."""
    now, words = timezone.now(), request.POST.get("words", "").replace("\r\n", "\n")
    try:
        add_words(code=tracked.code, token=token, text=words, now=now)
    except Refusal as refusal:
        if refusal.code == "expired":
            raise
        seen = reopen_case(code=tracked.code, token=token, now=now)
        return _page(request, tracked, seen=seen, problem=_(str(refusal)), words=words)
    messages.success(request, _("We have received what you wrote. It goes to the office."))
    return redirect("track_stage", tracked.code)


def _page(
    request: HttpRequest,
    tracked: TrackedStage,
    *,
    seen: TrackedCase | None = None,
    problem: str = "",
    words: str = "",
    status: int = REFUSED,
) -> HttpResponse:
    context = {
        "case": tracked,
        "seen": seen,
        "steps": steps(tracked),
        "sentence": sentence(tracked),
        "promises": promises(tracked),
        "problem": problem,
        "words": words,
        "back": reverse("track"),
    }
    return render(request, "portal/track.html", context, status=status if problem else 200)
