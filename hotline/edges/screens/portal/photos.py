"""The photo page of a report: several photos, the place that they remember only if wanted."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from hotline.core.errors import Refusal
from hotline.domain.contacts.photos import MOST
from hotline.domain.contacts.selectors import photos_of_contact
from hotline.edges.screens.portal import consent, drafts, opening
from hotline.edges.screens.portal.sheet import PHOTOS, Sheet
from hotline.usecases.attach_photo import attach_photo
from hotline.usecases.keep_photo_location import keep_photo_location
from hotline.usecases.remove_photo import remove_photo
from hotline.usecases.view_photo import view_own_photo

REFUSED = 422
DECLINED = "photo_places_declined"


@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def photos(request: HttpRequest, branch: str) -> HttpResponse:
    sheet = opening.sheet_of(request, branch)
    if sheet is None:
        return consent.lost(request, branch)
    if not sheet.open(PHOTOS):
        return redirect(sheet.present)
    if request.method != "POST":
        return _page(request, sheet)
    if problems := _do(request, sheet):
        return _page(request, sheet, problems=problems)
    if request.POST.get("do") == "go" and not _offers(request, sheet):
        return redirect(_next(request, sheet))
    return redirect(_here(request, sheet))


@require_safe
def picture(request: HttpRequest, branch: str, photo: UUID) -> HttpResponse:
    """A photo of the report that this browser is writing."""
    draft = drafts.find(request, branch)
    if draft is None:
        raise Http404
    try:
        content = view_own_photo(contact=draft.contact, photo=photo)
    except Refusal:
        raise Http404 from None
    return HttpResponse(
        content, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=600"}
    )


def _do(request: HttpRequest, sheet: Sheet) -> list[str]:
    """Does what a button asks for; gives the reasons for what could not be done."""
    do = request.POST.get("do")
    if do in {"add", "go"}:
        return _add(request, sheet)
    try:
        _change_one(request, sheet, str(do))
    except Refusal as refusal:
        return [_(str(refusal))]
    return []


def _add(request: HttpRequest, sheet: Sheet) -> list[str]:
    """Takes each photo that can be taken; one bad file doesn't stop the others."""
    problems = []
    for file in request.FILES.getlist("photos"):
        try:
            attach_photo(contact=sheet.draft.contact, content=file.read(), now=timezone.now())
        except Refusal as refusal:
            problems.append(f"{_short(file.name)}: {_(str(refusal))}")
    return problems


def _short(name: str | None) -> str:
    return (name or "")[-60:]


def _change_one(request: HttpRequest, sheet: Sheet, do: str) -> None:
    """Raises Http404, Refusal."""
    try:
        photo = UUID(request.POST.get("photo", ""))
    except ValueError:
        raise Http404 from None
    contact, now = sheet.draft.contact, timezone.now()
    if do == "remove":
        remove_photo(contact=contact, photo=photo, now=now)
    elif do == "keep-location":
        keep_photo_location(contact=contact, photo=photo, now=now)
    elif do == "drop-location":
        declined = request.session.get(DECLINED, [])
        request.session[DECLINED] = [*declined, str(photo)]


def _offers(request: HttpRequest, sheet: Sheet) -> bool:
    """Photos just sent remember a place: the page asks before it goes on."""
    return bool(request.FILES) and any(
        shown["location_offered"] for shown in _shown(request, sheet)
    )


def _shown(request: HttpRequest, sheet: Sheet) -> list[dict[str, object]]:
    declined = request.session.get(DECLINED, [])
    return [
        {
            "id": photo.id,
            "width": photo.width,
            "height": photo.height,
            "picture": reverse("report_photo", args=[sheet.draft.branch, photo.id]),
            "location_offered": photo.located
            and not photo.location_kept
            and str(photo.id) not in declined,
            "location_kept": photo.location_kept,
        }
        for photo in photos_of_contact(sheet.draft.contact)
    ]


def _next(request: HttpRequest, sheet: Sheet) -> str:
    draft = drafts.seen_photos(request, sheet.draft)
    on = Sheet(draft=draft, turn=sheet.turn, city=sheet.city)
    return on.present if _changing(request) else on.after(PHOTOS)


def _changing(request: HttpRequest) -> bool:
    return "change" in request.GET or "changing" in request.POST


def _here(request: HttpRequest, sheet: Sheet) -> str:
    return sheet.url(PHOTOS) + ("?change" if _changing(request) else "")


def _page(request: HttpRequest, sheet: Sheet, *, problems: list[str] | None = None) -> HttpResponse:
    shown = _shown(request, sheet)
    context = {
        "photos": shown,
        "room": len(shown) < MOST,
        "most": MOST,
        "problems": problems or [],
        "changing": _changing(request),
        "here": _here(request, sheet),
        "number": sheet.number(PHOTOS),
        "total": len(sheet.pages),
        "back": sheet.check if _changing(request) else sheet.before(PHOTOS),
    }
    return render(request, "portal/photos.html", context, status=REFUSED if problems else 200)
