"""Calling the hotline from a browser."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hotline.core.errors import Refusal
from hotline.domain.city import selectors
from hotline.usecases.open_web_call import open_web_call

REFUSED = {"wrong_number": 422, "too_many": 429}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """The page with a keypad. A POST of its script gets a telephone for this one call.

    Who sends the form before the script is there gets the page again, which then calls by
    itself.
    """
    if not settings.ENV.phone:
        raise Http404
    if request.method == "POST" and not request.accepts("text/html"):
        return _telephone(request)
    _version, city = selectors.current()
    sent = request.POST.get("number", "")
    return render(request, "portal/call.html", {"menu": city.menu, "number": sent})


def _telephone(request: HttpRequest) -> HttpResponse:
    try:
        phone = open_web_call(
            number=request.POST.get("number", ""),
            address=request.META.get("REMOTE_ADDR", ""),
            now=timezone.now(),
        )
    except Refusal as error:
        return JsonResponse({"problem": _(str(error))}, status=REFUSED[error.code])
    return JsonResponse({"extension": phone.extension, "password": phone.password})
