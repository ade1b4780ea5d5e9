"""Calls that citizens make from a browser: a phone for minutes, and how often one may."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.calls.models import WebCall, extension_of
from hotline.domain.people import services as people
from hotline.domain.people.selectors import index_of, phone_of

LIVES = timedelta(minutes=5)
"""How long the phone can ring us; a call that was begun goes on as long as it likes."""
RINGS_LATE = timedelta(minutes=1)
"""Between the last moment at which a phone can ring and that at which its call is taken."""
WITHIN = timedelta(minutes=10)
MOST_A_NUMBER = 3
MOST_AN_ADDRESS = 20
"""Many share one address: mobile carriers put thousands behind it."""
KEPT_FOR = timedelta(days=1)
_NETWORK = 64
_MOST_NUMBERS = 1000
_numbers: dict[str, str | None] = {}


def open_web_call(*, number: str, address: str, now: datetime) -> WebCall:
    """``number`` in E.164, ``address`` the network address of the browser. Raises Refusal
    ``too_many``."""
    by_number, by_address = index_of(number), _index_of_address(address)
    _one_at_a_time(by_number, by_address)
    recent = WebCall.objects.filter(created_at__gt=now - WITHIN)
    if (
        recent.filter(number_index=by_number).count() >= MOST_A_NUMBER
        or recent.filter(address_index=by_address).count() >= MOST_AN_ADDRESS
    ):
        raise Refusal(
            "too_many",
            gettext_noop("There were many calls from here just now. Please wait ten minutes."),
        )
    WebCall.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    return WebCall.objects.create(
        token=secrets.token_hex(10),
        person=people.person_for_number(number=number, now=now),
        number_index=by_number,
        address_index=by_address,
        created_at=now,
        until=now + LIVES,
    )


LIVE = "SELECT string_agg(w.token, ' ') FROM calls_webcall w WHERE w.until > %(now)s"
"""Those whose phone must exist, as tokens; for ``pages``."""


@dataclass(frozen=True, slots=True)
class Page:
    """The phone of a citizen's page; ``number`` in E.164."""

    extension: str
    password: str
    number: str


def pages(read: str | None) -> list[Page]:
    """Of what ``LIVE`` gave; without those whose number was erased."""
    tokens = (read or "").split()
    _learn([token for token in tokens if token not in _numbers])
    return [
        Page(extension_of(token), _password(settings.ENV.secrets.index, token), number)
        for token in tokens
        if (number := _numbers.get(token)) is not None
    ]


def is_claimed(number: str, *, now: datetime) -> bool:
    """Whether a browser may be ringing with this number (E.164). Who rings by telephone in the
    same minutes cannot be told from it: for both, the number proves nothing."""
    return WebCall.objects.filter(
        number_index=index_of(number), created_at__gt=now - LIVES - RINGS_LATE
    ).exists()


def _learn(tokens: Sequence[str]) -> None:
    """The switchboard asks several times a second, so a number is unsealed once."""
    if not tokens:
        return
    for call in WebCall.objects.filter(token__in=tokens).select_related("person"):
        while len(_numbers) >= _MOST_NUMBERS:
            del _numbers[next(iter(_numbers))]
        _numbers[call.token] = phone_of(call.person)


def password_of(call: WebCall) -> str:
    """Of the endpoint ``call.extension``: derived, stored nowhere."""
    return _password(settings.ENV.secrets.index, call.token)


@lru_cache(maxsize=_MOST_NUMBERS)
def _password(secret: bytes, token: str) -> str:
    digest = hmac.new(secret, f"web-call:{token}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def _index_of_address(address: str) -> bytes:
    """One household is one address: of IPv6 the first half."""
    try:
        found = ip_address(address)
    except ValueError:  # behind a socket without addresses everybody is one
        return index_of("address:")
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return index_of(f"address:{int(found) >> _NETWORK:x}")
        found = found.ipv4_mapped
    return index_of(f"address:{found}")


def _one_at_a_time(*indexes: bytes) -> None:
    """Until the transaction ends, others with the same number or address wait: two requests
    in one moment are counted as two."""
    with connection.cursor() as cursor:
        for key in sorted(int.from_bytes(index[:8], signed=True) for index in indexes):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
