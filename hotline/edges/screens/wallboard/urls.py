"""The pages of the wallboard."""

from django.urls import path

from hotline.edges.screens.wallboard import views

app_name = "wallboard"

urlpatterns = [
    path("", views.board, name="board"),
    path("state/", views.state, name="state"),
    path("switch/", views.switch, name="switch"),
    path("end/", views.end, name="end"),
]
