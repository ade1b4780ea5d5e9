"""Sign-in is for staff whose accounts an administrator made; nobody signs up."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # has no types
    """allauth's adapter without sign-up and with the hotline's own sentences, since allauth
    brings no Vietnamese ones."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is switched off. Ask your administrator."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "username_password_mismatch": _("The user name or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home_of_role")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts of staff have no e-mail address yet, so there is nobody to write to."""


def counted_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """The user name under which axes counts failed sign-ins.

    allauth calls the name ``username`` where a sign-in fails and ``login`` in its form; asked
    for only one of them axes would count under one name and look under another, and lock
    nobody out. Small letters, since allauth finds a user by any.
    """
    given = credentials or {}
    name = given.get("username") or given.get("login") or request.POST.get("login", "")
    return name.strip().lower()
