"""What the live plane answers; the web passes ``/live/`` on to it."""

from django.urls import include, path

urlpatterns = [path("live/", include("hotline.edges.screens.wallboard.live_urls"))]
