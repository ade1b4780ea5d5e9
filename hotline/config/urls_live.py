"""What the live plane answers; the web passes ``/live/`` on to it."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

urlpatterns = [path("live/", include("hotline.edges.screens.wallboard.live_urls"))]


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Without a page: those are the web's."""
    return HttpResponse(status=404)


def handler500(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Without a page either."""
    return HttpResponse(status=500)
