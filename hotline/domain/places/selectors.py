"""Finding places: by code, by what lies in what, and by typing without accents."""

import datetime as dt
import re
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from hotline.core.errors import NotFound
from hotline.core.vietnamese import accented, fold, nfc
from hotline.domain.places.models import Place

_CANDIDATES = 400  # more than any city has places that share a word people search by
# What people write for the kinds of units, folded: "P.5", "Q3", "TX ...".
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
    """The units of the current city that existed on a day."""
    return Place.objects.filter(active=True).filter(
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

    Words may be cut short and accents may be missing; where they are given, places that bear
    them come first (``hòa`` and ``hoà`` are the same). “Phường 1” is not “Phường 10”, and its
    number belongs to it alone.
    """
    terms = _terms(text)
    if not terms:
        return []
    found = valid_on(on)
    for term in terms:
        found = found.filter(folded__regex=_pattern(term))
    # Written together, older names are known without spaces ("nguyentrungtruc").
    together = "".join(terms).replace(" ", "")
    if len(together) >= 5:
        found = found | valid_on(on).filter(folded__regex=_pattern(together))
    given = accented(_MARKS.sub(" ", nfc(text))).split()
    ranked = sorted(
        found.select_related("parent")[:_CANDIDATES],
        key=lambda place: (*_rank(place, " ".join(terms), given), *_order(place)),
    )
    return ranked[:limit]


def _order(place: Place) -> tuple[int, str, str]:
    return (place.level, place.sort_key, place.parent.sort_key if place.parent else "")


def _terms(text: str) -> list[str]:
    """Folded words, a number together with the kind of unit before it."""
    folded = _SHORT_WORD.sub(lambda found: f"{_SHORT[found[1]]} ", fold(text[:200]))
    terms: list[str] = []
    for word in _MARKS.sub(" ", folded).split()[:12]:
        if word.isdecimal() and terms and terms[-1] in {"phuong", "quan"}:
            terms[-1] = f"{terms[-1]} {word.lstrip('0') or word}"
        else:
            terms.append(word)
    return terms


def _pattern(term: str) -> str:
    """From the beginning of a word; a number to its end. Terms hold word characters only."""
    return rf"\y{term}\y" if term[-1].isdecimal() else rf"\y{term}"


def _rank(place: Place, wanted: str, given: Sequence[str]) -> tuple[int, int, int]:
    """Smaller is better: accents as given, then the name itself, an alias, a part of it."""
    known = accented(place.words).split()
    unmet = sum(not any(word.startswith(part) for word in known) for part in given)
    name, kind = fold(place.name), fold(place.kind)
    if wanted in {name, name.removeprefix(kind).strip()}:
        likeness = 0
    elif wanted in {fold(alias) for alias in place.aliases}:
        likeness = 1
    else:
        likeness = 2
    return (unmet, likeness, 0 if wanted in name else 1)
