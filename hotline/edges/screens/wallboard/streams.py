"""The addresses of the live plane."""

from collections.abc import AsyncIterator

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hotline.domain.accounts.models import Role, User
from hotline.edges.screens.shared.roles import OPERATORS, READERS
from hotline.edges.screens.wallboard.live import live
from hotline.edges.screens.wallboard.viewers import Viewer, desk_stream, wallboard_stream


async def wallboard(request: HttpRequest) -> HttpResponseBase:
    """Snapshots for operators, supervisors, administrators; without names for observers."""
    viewer = await _viewer(request, READERS)
    if isinstance(viewer, HttpResponse):
        return viewer
    live.wanted()
    names = viewer.role != Role.OBSERVER
    return _streamed(wallboard_stream(live.board, live.frames, viewer, names=names))


async def desk(request: HttpRequest) -> HttpResponseBase:
    """What changed for the operator who signed in: ``talk``, ``presence``, ``call_backs``."""
    viewer = await _viewer(request, OPERATORS)
    if isinstance(viewer, HttpResponse):
        return viewer
    return _streamed(desk_stream(live.desks, viewer, live.version))


async def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 while notifications come in, else 503."""
    live.begin()
    return JsonResponse(
        {
            "ok": live.hears,
            "viewers": len(live.board.viewers),
            "desks": len(live.desks.viewers),
            "published": live.frames.version,
        },
        status=200 if live.hears else 503,
    )


async def _viewer(request: HttpRequest, roles: frozenset[Role]) -> Viewer | HttpResponse:
    """Who wants to listen, or why not: 401, 403, 503 (try again)."""
    live.begin()
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET"})
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    try:
        user: User | None = await live.who(key) if key else None
    except DatabaseError:
        return HttpResponse(status=503, headers={"Retry-After": "2"})
    if user is None:
        return HttpResponse(status=401)
    if user.role not in roles:
        return HttpResponse(status=403)
    return Viewer(session=key, user=user.pk, role=user.role)


def _streamed(content: AsyncIterator[bytes]) -> StreamingHttpResponse:
    """``X-Accel-Buffering``: a proxy before us must pass each event on at once."""
    return StreamingHttpResponse(
        content,
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
