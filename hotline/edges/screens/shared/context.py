"""What every page says of the city: its title, the emergency numbers, how to reach it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from hotline.dialogue.script import Channel, Wording, words
from hotline.domain.city import selectors

# What a page names for itself, so that everybody finds their own.
NATIVE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    number: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to reach the city; ``kind`` is ``web``, ``zalo``, ``app``, …; ``link`` may be empty."""

    kind: str
    label: str
    words: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFace:
    """The city in the page's language; ``languages`` are pairs of code and native name."""

    title: str
    phone: str
    free_carriers: tuple[str, ...]
    emergency: tuple[Emergency, ...]
    ways: tuple[Way, ...]
    languages: tuple[tuple[str, str], ...]


def say(wording: Wording) -> str:
    """The web's words of a wording in the page's language."""
    return words(wording, language=language(), channel=Channel.WEB)


def language() -> str:
    """The page's language as the city's data names it: ``vi``, ``en``."""
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


def city(_request: HttpRequest) -> Mapping[str, object]:
    """Adds ``city`` to every template; read from the database only where a page uses it."""
    return {"city": SimpleLazyObject(_face)}


def _face() -> CityFace:
    _, now = selectors.current()
    return CityFace(
        title=say(now.title),
        phone=now.contact.phone,
        free_carriers=now.contact.free_carriers,
        emergency=tuple(
            Emergency(number=one.number, label=say(one.label)) for one in now.emergency
        ),
        ways=tuple(
            Way(kind=way.kind, label=say(way.label), words=say(way.words), link=way.link)
            for way in now.ways
        ),
        languages=tuple((code, NATIVE_NAMES.get(code, code)) for code in now.languages),
    )
