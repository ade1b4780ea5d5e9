"""The pages of officers."""

from django.urls import path

from hotline.edges.screens.agency import views

app_name = "agency"

urlpatterns = [
    path("", views.cases, name="cases"),
    path("counts/", views.counts, name="counts"),
    path("case/<str:code>/", views.case, name="case"),
    path("case/<str:code>/contact/", views.contact, name="contact"),
    path("case/<str:code>/<str:verb>/", views.act, name="act"),
    path("recording/<uuid:recording>.wav", views.sound, name="sound"),
    path("photo/<uuid:photo>.jpg", views.photo, name="photo"),
]
