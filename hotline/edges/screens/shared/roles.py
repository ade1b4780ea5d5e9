"""Who may open which staff page, and where each role starts."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from hotline.domain.accounts.models import Role, User
from hotline.domain.accounts.roles import DESK, OVERSIGHT

P = ParamSpec("P")

OPERATORS = DESK
READERS = DESK | OVERSIGHT
OFFICERS = frozenset({Role.OFFICER})
CITY_KEEPERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


class StaffRequest(HttpRequest):
    """A request whose user has signed in."""

    user: User


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]
OpenView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def allowed(roles: frozenset[Role]) -> Callable[[StaffView[P]], OpenView[P]]:
    """Lets only these roles in: others get 403, who has not signed in is asked to.

    Staff pages hold personal data, so no cache may keep them.
    """

    def decorate(view: StaffView[P]) -> OpenView[P]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
            if request.user.role not in roles:
                raise PermissionDenied
            return view(cast(StaffRequest, request), *args, **kwargs)

        return guarded

    return decorate


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Whoever was signed out in the middle of a form gets their words back with the request
    to sign in; a part of a page that refreshes itself gets nothing, so that it stays."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    words = [
        text
        for name, text in request.POST.items()
        if name.split("-")[0] in {"text", "heard", "detail"} and isinstance(text, str) and text
    ]
    return render(request, "shared/signed_out.html", {"words": "\n\n".join(words)}, status=401)


@allowed(frozenset(Role))
def home_of_role(request: StaffRequest) -> HttpResponse:
    """Sends everybody to the page where their work begins."""
    return redirect("agency:cases" if request.user.role in OFFICERS else "desk:inbox")
