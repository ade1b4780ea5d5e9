"""Finding places: by code, by what lies in what, and by typing without accents."""

import datetime as dt
import re
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from hotline.core.errors import NotFound
from hotline.core.vietnamese import accented, fold
from hotline.domain.places.models import Place

_CANDIDATES = 400  # more than any city has places that share a word people search by
# What people write for the kinds of units, folded: "P.5", "Q3", "TP Thủ Đức".
_SHORT = {
    "p": "phuong",
    "f": "phuong",
    "q": "quan",
    "h": "huyen",
    "x": "xa",
    "tt": "thi tran",
    "tx": "thi xa",
    "tp": "thanh pho",
}
_SHORT_WORD = re.compile(r"\b(p|f|q|h|x|tt|tx|tp)(?:\.|(?=\s*\d)|\s(?=\w))\s*0*(?=\w)")
_MARKS = re.compile(r"[^\w\s]|_")


def by_code(code: str) -> Place:
    """Raises NotFound."""
    place = Place.objects.filter(code=code).first()
    if place is None:
        raise NotFound
    return place


def valid_on(day: dt.date) -> QuerySet[Place]:
    """The units that existed on a day."""
    return Place.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day)
    )


def children(code: str | None, *, on: dt.date) -> Sequence[Place]:
    """What lies directly in a place, in the order of the alphabet; the provinces for None."""
    return list(valid_on(on).filter(parent__code=code).order_by("sort_key"))


def top(*, on: dt.date) -> Sequence[Place]:
    """Where browsing begins: the districts, or the wards where there are no districts."""
    found = valid_on(on).filter(parent__level=1).order_by("sort_key")
    return list(found)


def ancestors(place: Place | None) -> tuple[str, ...]:
    """The code of a place and of all that it lies in, nearest first; empty for None."""
    codes: list[str] = []
    while place is not None:
        codes.append(place.code)
        place = place.parent
    return tuple(codes)


def search(text: str, *, limit: int, on: dt.date) -> Sequence[Place]:
    """Places whose name, alias or surroundings hold every word of ``text``, best first.

    Accents may be missing; where they are given, places that bear them come first
    (``hòa`` and ``hoà`` are the same). Numbers are whole words: “phường 1” is not 10.
    """
    words = _words(text)
    if not words:
        return []
    found = valid_on(on)
    for word in words:
        found = found.filter(_holds(word))
    # Written together, older names are known without spaces ("nguyentrungtruc").
    together = "".join(words)
    loose = found if len(together) < 5 else found | valid_on(on).filter(folded__contains=together)
    given = accented(_MARKS.sub(" ", text))
    ranked = sorted(
        loose.select_related("parent")[:_CANDIDATES],
        key=lambda place: (*_rank(place, words, given), -place.level, place.sort_key),
    )
    return ranked[:limit]


def _words(text: str) -> list[str]:
    folded = _SHORT_WORD.sub(lambda found: f"{_SHORT[found[1]]} ", fold(text[:200]))
    return [word.lstrip("0") or word for word in _MARKS.sub(" ", folded).split()][:12]


def _holds(word: str) -> Q:
    if word.isdecimal():
        return Q(folded__regex=rf"\y{word}\y")
    return Q(folded__contains=word)


def _rank(place: Place, words: list[str], given: str) -> tuple[int, int, int, int]:
    """Smaller is better: accents as given, the name itself, whole words, nothing left over."""
    name = fold(place.name)
    spoken = accented(place.name)
    wanted = " ".join(words)
    short = name.removeprefix(fold(place.kind)).strip()
    exact = 0 if wanted in {name, short} else 1
    accents = 0 if f" {given} " in f" {accented(place.words)} " else 1
    named = 0 if f" {wanted} " in f" {name} " else 1
    starts = 0 if spoken.startswith(given) or short.startswith(wanted) else 1
    return (accents, exact, named, starts)
