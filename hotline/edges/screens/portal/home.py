"""The front page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hotline.domain.city import selectors


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, emergencies first, every way to reach it."""
    _, city = selectors.current()
    context = {"branches": city.menu.branches, "can_call_here": settings.ENV.phone}
    return render(request, "portal/home.html", context)
