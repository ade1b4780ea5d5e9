"""The streams of the live plane."""

from django.urls import path

from hotline.edges.screens.wallboard import streams

urlpatterns = [
    path("wallboard", streams.wallboard),
    path("desk", streams.desk),
    path("healthz", streams.health),
]
