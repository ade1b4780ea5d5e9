"""The pages of officers."""

from django.urls import path

from hotline.edges.screens.agency import views

app_name = "agency"

urlpatterns = [
    path("", views.cases, name="cases"),
    path("counts/", views.counts, name="counts"),
    path("case/<code:code>/", views.case, name="case"),
    path("case/<code:code>/contact/", views.contact, name="contact"),
    path("case/<code:code>/<str:verb>/", views.act, name="act"),
    path("recording/<uuid:recording>.wav", views.sound, name="sound"),
    path("photo/<uuid:photo>.jpg", views.photo, name="photo"),
]
