"""``GET /healthz``."""

from django.urls import path

from hotline.edges.api.health import health

urlpatterns = [path("", health, name="healthz")]
