"""Which edge answers which address."""

from django.urls import include, path

urlpatterns = [
    path("healthz", include("hotline.edges.api.health_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("hotline.edges.screens.shared.urls")),
    path("desk/", include("hotline.edges.screens.desk.urls")),
    path("wallboard/", include("hotline.edges.screens.wallboard.urls")),
    path("agency/", include("hotline.edges.screens.agency.urls")),
    path("", include("hotline.edges.screens.portal.urls")),
]
