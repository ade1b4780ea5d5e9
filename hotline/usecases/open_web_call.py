"""A citizen wants to ring us from a browser."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.dialogue import phones
from hotline.domain.calls import web_calls
from hotline.domain.queue import log


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPhone:
    """The telephone of one page: the name of its endpoint, its password, and until when it
    can ring."""

    extension: str
    password: str
    until: datetime


def open_web_call(*, number: str, address: str, now: datetime) -> WebPhone:
    """``number`` as it was typed, ``address`` the browser's network address. The switchboard
    makes the phone within a second. Raises Refusal ``wrong_number``, ``too_many``."""
    known = phones.normalise(number)
    if known is None or phones.is_short_code(known):
        raise Refusal(
            "wrong_number",
            gettext_noop("This is no telephone number. Write it like 0901 234 567."),
        )
    with transaction.atomic():
        call = web_calls.open_web_call(number=known, address=address, now=now)
        log.poke()
    return WebPhone(
        extension=call.extension, password=web_calls.password_of(call), until=call.until
    )
