"""Picking a place by its name or from lists, on a page that needs no script.

One form, one POST: what the person wants is read from what changed since the page was
shown, so that Enter in any field does what they mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hotline.core.errors import NotFound
from hotline.domain.places import selectors
from hotline.domain.places.models import Place

MOST_FOUND = 8
DISTRICT = 2


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as it is offered; ``around`` says what it lies in."""

    code: str
    name: str
    around: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """What the page offers: places ``found`` for ``words`` as radios; ``districts`` and, once
    one is chosen, its ``wards`` as lists. ``chosen`` is the code picked so far, or empty; it is
    among ``found``. ``in_vain``: no place bears these words; ``more``: further places do."""

    words: str
    chosen: str
    found: tuple[Spot, ...]
    in_vain: bool
    more: bool
    districts: tuple[Spot, ...]
    district: str
    wards: tuple[Spot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a posted page asks for: another look (``search``, ``browse``) or to go on with
    ``chosen`` and ``detail``."""

    do: str
    words: str
    chosen: str
    district: str
    detail: str


def read(post: Mapping[str, str]) -> Wish:
    words = post.get("q", "").strip()
    chosen = post.get("ward") or post.get("place", "")
    district = post.get("district", "")
    do = post.get("do", "")
    if do not in {"search", "browse", "skip"}:
        do = "go"
        if words and words != post.get("searched", "").strip():
            do = "search"
        elif district and not chosen:
            do = "browse"
    return Wish(
        do=do,
        words="" if do == "browse" else words,
        chosen=chosen,
        district="" if do == "search" else district,
        detail=post.get("detail", ""),
    )


def picker(*, on: date, words: str = "", chosen: str = "", district: str = "") -> Picker:
    """What to offer; unknown codes are as good as none."""
    top = selectors.top(on=on)
    has_districts = any(place.level == DISTRICT for place in top)
    wards = selectors.children(district, on=on) if has_districts and district else ()
    picked = _known(chosen)
    found = list(selectors.search(words, limit=MOST_FOUND + 1, on=on)) if words else []
    more = len(found) > MOST_FOUND
    del found[MOST_FOUND:]
    in_vain = bool(words) and not found
    if picked is None and len(found) == 1:
        picked = found[0]
    if picked and picked not in found:
        found.insert(0, picked)  # it stays on the page whatever is searched next
    return Picker(
        words=words,
        chosen=picked.code if picked else "",
        found=_spots(() if wards else found),
        in_vain=in_vain,
        more=more,
        districts=_spots(top) if has_districts else (),
        district=district if wards else "",
        wards=_spots(wards if has_districts else top),
    )


def _known(code: str) -> Place | None:
    try:
        return selectors.by_code(code) if code else None
    except NotFound:
        return None


def _spots(places: Sequence[Place]) -> tuple[Spot, ...]:
    return tuple(
        Spot(place.code, place.name, place.path.removeprefix(place.name).lstrip(", "))
        for place in places
    )
