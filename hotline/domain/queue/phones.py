"""The phones that must exist at the switchboard: of operators on duty, of pages that ring."""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from hotline.dialogue.phones import national
from hotline.domain.calls import web_calls
from hotline.domain.workforce.phones import password_of


@dataclass(frozen=True, slots=True)
class PhoneWanted:
    """``extension`` names the endpoint; ``browser``: WebRTC, else plain SIP; ``caller``: the
    number that a citizen's phone shows, None for an operator's."""

    extension: str
    password: str
    browser: bool
    caller: str | None = None


OPERATORS = """
SELECT json_agg(json_build_array(o.extension, o.phone_epoch, o.phone))::text
FROM workforce_operator o JOIN workforce_presence p ON p.operator_id = o.user_id
WHERE p.state <> 'off'"""
PAGES = web_calls.LIVE


def wanted(operators: str | None, pages: str | None) -> tuple[PhoneWanted, ...]:
    """Of every operator who is not off, and of every citizen's page that may ring: of what
    ``OPERATORS`` and ``PAGES`` gave."""
    citizens = (
        PhoneWanted(page.extension, page.password, browser=True, caller=national(page.number))
        for page in web_calls.pages(pages)
    )
    return (*_operators(settings.ENV.secrets.index, operators or "[]"), *citizens)


@lru_cache(maxsize=8)
def _operators(_secret: bytes, read: str) -> tuple[PhoneWanted, ...]:
    """Kept, as who is on duty seldom changes."""
    return tuple(
        PhoneWanted(extension, password_of(extension, epoch), phone == "browser")
        for extension, epoch, phone in json.loads(read)
    )
