"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hotline.domain.city import selectors


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, emergencies first, every way to reach it."""
    _, city = selectors.current()
    return render(request, "portal/home.html", {"branches": city.menu.branches})
