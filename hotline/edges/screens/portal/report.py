"""The report: one question a page, back and forth without loss, with or without scripts.

Each question has an address of its own. An answer posted to a page that was passed already
changes that answer; the same page posted twice changes nothing.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from hotline.dialogue.exchange import Typed
from hotline.dialogue.script import Slot, SlotKind
from hotline.domain.city import selectors as cities
from hotline.edges.screens.portal import consent, opening, place_picker, questions
from hotline.edges.screens.portal.place_picker import Picker, Wish
from hotline.edges.screens.portal.questions import Entered
from hotline.edges.screens.portal.rehearsal import rehearse
from hotline.edges.screens.portal.sheet import Sheet
from hotline.edges.screens.shared.context import language
from hotline.usecases.hear import hear

REFUSED = 422


@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, branch: str, slot: str) -> HttpResponse:
    sheet = opening.sheet_of(request, branch)
    if sheet is None:
        return consent.lost(request, branch)
    if not sheet.open(slot):
        opening.explain_move(request)
        return redirect(sheet.present)
    asked = sheet.script.slot(slot)
    if request.method != "POST":
        return _page(request, sheet, asked, questions.entered(asked, sheet.state.answers.get(slot)))
    if asked.kind is SlotKind.PLACE and request.POST.get("do") != "skip":
        return _place_posted(request, sheet, asked)
    return _answered(request, sheet, asked, questions.typed(asked, request.POST))


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The places found for ``q``, and the one chosen before, as a piece of the place page."""
    words, chosen = request.GET.get("q", "").strip(), request.GET.get("chosen", "")
    found = _picker(words=words, chosen=chosen)
    return render(request, "portal/places.html", {"picker": found})


def _answered(
    request: HttpRequest, sheet: Sheet, slot: Slot, event: Typed, picker: Picker | None = None
) -> HttpResponse:
    """Gives the answer to the dialogue, or says what is wrong with it."""
    tried = rehearse(sheet.state, slot, event, book=sheet.city.book, language=language())
    if tried.problem:
        entered = questions.echoed(event)
        return _page(request, sheet, slot, entered, problem=tried.problem, picker=picker)
    turn = sheet.turn
    for one in tried.events:
        turn = hear(contact=turn.contact, step=turn.step, event=one, now=timezone.now())
    now_at = sheet.moved(turn)
    return redirect(now_at.present if "changing" in request.POST else now_at.after(slot.key))


def _place_posted(request: HttpRequest, sheet: Sheet, slot: Slot) -> HttpResponse:
    wish = place_picker.read(request.POST.dict())
    entered = Entered(text=wish.detail, place=wish.chosen)
    picker = _picker(words=wish.words, chosen=wish.chosen, district=wish.district)
    if wish.do != "go":
        return _page(request, sheet, slot, entered, picker=picker)
    return _answered(request, sheet, slot, _place_answer(wish, picker), picker)


def _place_answer(wish: Wish, picker: Picker) -> Typed:
    return Typed(wish.detail, place=picker.chosen or None)


def _picker(*, words: str = "", chosen: str = "", district: str = "") -> Picker:
    _, city = cities.current()
    day = city.places_on(timezone.now())
    return place_picker.picker(on=day, words=words, chosen=chosen, district=district)


def _page(
    request: HttpRequest,
    sheet: Sheet,
    slot: Slot,
    entered: Entered,
    *,
    problem: str = "",
    picker: Picker | None = None,
) -> HttpResponse:
    changing = "change" in request.GET or "changing" in request.POST
    if slot.kind is SlotKind.PLACE and picker is None:
        picker = _picker(chosen=entered.place)
    context = {
        "page": questions.question(sheet, slot, refused=bool(problem)),
        "entered": entered,
        "picker": picker,
        "problem": problem,
        "changing": changing,
        "back": sheet.check if changing else sheet.before(slot.key),
    }
    return render(request, "portal/ask.html", context, status=REFUSED if problem else 200)
