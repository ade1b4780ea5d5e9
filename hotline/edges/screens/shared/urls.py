"""Sign-in, sign-out, one's own password; where each role starts."""

from allauth.account import views
from django.urls import path

from hotline.edges.screens.shared.roles import home_of_role

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/", views.password_change, name="account_change_password"),
    path("", home_of_role, name="home_of_role"),
]
