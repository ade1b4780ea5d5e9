"""The last two pages of a report: check the answers and send; the code and what is next."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hotline.core.errors import Refusal
from hotline.dialogue.exchange import Typed
from hotline.domain.contacts.selectors import photos_of_contact
from hotline.edges.screens.portal import consent, drafts, opened, opening
from hotline.edges.screens.portal.sheet import PHOTOS, Line, Sheet
from hotline.edges.screens.portal.stages import next_lines
from hotline.usecases.hear import hear
from hotline.usecases.open_case import TrackedCase, open_case
from hotline.usecases.track_case import track_case


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, branch: str) -> HttpResponse:
    """All answers on one page, each with its way to be changed."""
    sheet = opening.sheet_of(request, branch)
    if sheet is None:
        return consent.lost(request, branch)
    if not sheet.ready:
        return redirect(sheet.present)
    if request.method == "POST":
        return _send(request, sheet)
    context = {
        "lines": (*sheet.lines(), _photos(sheet)),
        "step": sheet.turn.step,
        "back": sheet.url(sheet.pages[-1]),
    }
    return render(request, "portal/check.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest, branch: str) -> HttpResponse:
    """Code and PIN, what happens next and by when. The page can be seen again until the
    person closes it or the session ends."""
    sheet = opening.sheet_of(request, branch)
    if sheet is None:
        return redirect("track")
    if not sheet.sent:
        return redirect(sheet.present)
    if request.method == "POST":
        drafts.forget(request, branch)
        return redirect("home")
    turn = sheet.turn
    if turn.code is None:  # a person takes it from here; there is no case to follow
        return render(request, "portal/handed.html")
    stage = track_case(code=turn.code, now=timezone.now())
    seen = _own(request, turn.code, turn.pin)
    context = {"code": turn.code, "pin": turn.pin, "lines": next_lines(stage, seen)}
    return render(request, "portal/sent.html", context)


def _send(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Sends what was on the page; if answers changed since, shows them first."""
    if request.POST.get("step") != str(sheet.turn.step):
        messages.warning(request, _("An answer changed after you opened this page. Please check."))
        return redirect(sheet.check)
    turn = hear(
        contact=sheet.turn.contact, step=sheet.turn.step, event=Typed("yes"), now=timezone.now()
    )
    return redirect(sheet.moved(turn).present)


def _own(request: HttpRequest, code: str, pin: str | None) -> TrackedCase | None:
    """The case, opened with the PIN that stands on this very page, so that the way from here
    to its answers asks for no proof."""
    try:
        seen = open_case(code=code, proof=pin or "", now=timezone.now())
    except Refusal:
        return None
    opened.keep(request, seen)
    return seen


def _photos(sheet: Sheet) -> Line:
    count = len(photos_of_contact(sheet.draft.contact))
    words = ngettext("%(count)s photo", "%(count)s photos", count) % {"count": count}
    return Line(
        label=_("Photos"),
        value=words if count else "",
        detail="",
        change=sheet.url(PHOTOS) + "?change",
    )
