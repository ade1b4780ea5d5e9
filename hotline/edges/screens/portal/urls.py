"""The addresses that citizens see."""

from django.urls import path

from hotline.edges.screens.portal import calling, check, consent, home, photos, report, track

urlpatterns = [
    path("", home.home, name="home"),
    path("call/", calling.call, name="call"),
    path("report/places/", report.places, name="report_places"),
    path("report/<str:branch>/", consent.start, name="report_start"),
    path("report/<str:branch>/ask/<str:slot>/", report.ask, name="report_ask"),
    path("report/<str:branch>/photos/", photos.photos, name="report_photos"),
    path("report/<str:branch>/photos/<uuid:photo>/", photos.picture, name="report_photo"),
    path("report/<str:branch>/check/", check.check, name="report_check"),
    path("report/<str:branch>/sent/", check.sent, name="report_sent"),
    path("track/", track.find, name="track"),
    path("track/<str:code>/", track.stage, name="track_stage"),
    path("track/<str:code>/open/", track.prove, name="track_open"),
    path("track/<str:code>/close/", track.close, name="track_close"),
]
