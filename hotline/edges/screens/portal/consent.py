"""The first page of a report: what is kept and why, and whether the person agrees.

Nothing is stored before they do.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hotline.dialogue.exchange import Typed
from hotline.dialogue.script import Branch
from hotline.domain.city import selectors as cities
from hotline.edges.screens.portal import drafts
from hotline.edges.screens.portal.drafts import Draft
from hotline.edges.screens.portal.opening import sheet_of
from hotline.edges.screens.portal.sheet import Sheet
from hotline.edges.screens.shared.context import language
from hotline.usecases.hear import hear
from hotline.usecases.start_report import start_report

REFUSED = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, branch: str) -> HttpResponse:
    chosen = _branch(branch)
    if chosen.script is None:
        return render(request, "portal/outside.html", {"branch": chosen, "back": reverse("home")})
    if request.method != "POST":
        return _page(request, chosen)
    sheet = sheet_of(request, branch)
    if sheet and not sheet.sent and "again" not in request.POST:
        return redirect(sheet.present)  # posted twice
    if request.POST.get("answer") != "yes":
        problem = _("To go on here we need your agreement. You can also call us.")
        return _page(request, chosen, problem=problem)
    return redirect(_begin(request, branch))


def lost(request: HttpRequest, branch: str) -> HttpResponse:
    """For a page whose report this browser no longer knows: what was typed is shown, so that
    it can be copied, and the report can begin again."""
    if request.method != "POST":
        return redirect("report_start", branch)
    words = [request.POST.get(name, "").strip() for name in ("answer", "detail")]
    return _page(request, _branch(branch), lost=True, words="\n".join(filter(None, words)))


def _begin(request: HttpRequest, branch: str) -> str:
    """Opens the report with the person's consent; gives the address of the first question."""
    now = timezone.now()
    turn = start_report(branch=branch, language=language(), now=now)
    turn = hear(contact=turn.contact, step=turn.step, event=Typed("yes"), now=now)
    draft = Draft(branch=branch, contact=turn.contact)
    drafts.keep(request, draft)
    return Sheet(draft=draft, turn=turn, city=cities.city_of(turn.city_version)).present


def _branch(key: str) -> Branch:
    _version, city = cities.current()
    branch = city.menu.branch(key)
    if branch is None:
        raise Http404
    return branch


def _page(
    request: HttpRequest, branch: Branch, *, problem: str = "", lost: bool = False, words: str = ""
) -> HttpResponse:
    _version, city = cities.current()
    sheet = sheet_of(request, branch.key)
    context = {
        "branch": branch,
        "consent": city.menu.consent,
        "total": len(city.scripts[branch.script or ""].slots) + 1,
        "problem": problem,
        "lost": lost,
        "lost_words": words,
        "under_way": sheet.present if sheet and not sheet.sent else "",
        "back": reverse("home"),
    }
    return render(request, "portal/start.html", context, status=REFUSED if problem else 200)
