"""Sound and photos for staff: each request passes the guarded use case."""

import re
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from hotline.core.clock import SystemClock
from hotline.core.errors import NotFound, Refusal
from hotline.edges.screens.shared.roles import StaffRequest
from hotline.usecases.play_recording import play_recording
from hotline.usecases.view_photo import view_photo

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def sound(request: StaffRequest, recording: UUID) -> HttpResponse:
    """The recording as WAV, whole or the bytes that the player asks for."""
    try:
        content = play_recording(user=request.user, recording=recording, now=SystemClock().now())
    except NotFound:
        raise Http404 from None
    except Refusal:
        return HttpResponse(status=403)
    return ranged(request, content, "audio/wav")


def photo(request: StaffRequest, photo: UUID) -> HttpResponse:
    """The photo as JPEG, without its metadata."""
    try:
        content = view_photo(user=request.user, photo=photo, now=SystemClock().now())
    except NotFound:
        raise Http404 from None
    except Refusal:
        return HttpResponse(status=403)
    return HttpResponse(content, content_type="image/jpeg")


def ranged(request: HttpRequest, content: bytes, kind: str) -> HttpResponse:
    """Answers one byte range (RFC 9110, 14.2), which players need to jump; several ranges at
    once or none get the whole."""
    span = _span(request.headers.get("Range", ""), len(content))
    if span is None:
        response = HttpResponse(content, content_type=kind)
    elif span[0] >= span[1]:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    else:
        first, end = span
        response = HttpResponse(content[first:end], content_type=kind, status=206)
        response["Content-Range"] = f"bytes {first}-{end - 1}/{len(content)}"
    response["Accept-Ranges"] = "bytes"
    return response


def _span(header: str, length: int) -> tuple[int, int] | None:
    """The half-open span that a Range header asks for; empty if it lies outside; None where
    the header is absent or asks for something that may be ignored."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return max(0, length - int(last)), length
    if last and int(last) < int(first):
        return None
    return int(first), min(length, int(last) + 1) if last else length
