"""Which parts are up: what load balancers, the launcher and people look at."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hotline.domain.city.selectors import current_id
from hotline.domain.nodes.selectors import parts

OF_THE_PHONE = ("switchboard",)
Parts = dict[str, tuple[bool, str]]


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 if every part is up, else 503; either way which part is not, and why."""
    found = _parts(datetime.now(UTC))
    ok = all(up for up, _ in found.values())
    return JsonResponse(
        {"ok": ok, "parts": {name: {"up": up, "why": why} for name, (up, why) in found.items()}},
        status=200 if ok else 503,
    )


def _parts(now: datetime) -> Parts:
    phone = settings.ENV.phone
    needed = ["live", "worker", *(OF_THE_PHONE if phone else ())]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        seen = parts(now)
        city = current_id()
    except DatabaseError as error:
        return {"web": (True, ""), "postgres": (False, type(error).__name__)}
    return {
        "web": (True, ""),
        "postgres": (True, ""),
        "city": (city is not None, "" if city is not None else "no city is loaded"),
        **dict.fromkeys(needed, (False, "no sign of life yet")),
        # Signs of life of a telephone that was switched off since say nothing any more.
        **{name: part for name, part in seen.items() if phone or name not in OF_THE_PHONE},
    }
