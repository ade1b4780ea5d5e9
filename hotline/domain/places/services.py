"""Places follow the city's plan; rows are added and changed, never deleted."""

from collections.abc import Mapping, Sequence

from hotline.core.vietnamese import sort_key
from hotline.domain.places.models import Place
from hotline.domain.places.provider import Unit

_UPDATED = (
    "name",
    "kind",
    "level",
    "parent",
    "aliases",
    "path",
    "sort_key",
    "valid_from",
    "valid_to",
    "active",
    "words",
)


def sync_places(*, units: Sequence[Unit], aliases: Mapping[str, tuple[str, ...]]) -> int:
    """Makes the rows of ``units`` (parents before children) what they should be, with the
    city's own ``aliases`` by code, and puts all others out of use; returns how many rows
    were written."""
    written = 0
    known = {place.code: place for place in Place.objects.all()}
    for level in sorted({unit.level for unit in units}):
        fresh = [
            _row(unit, known, aliases.get(unit.code, ())) for unit in units if unit.level == level
        ]
        changed = [place for place in fresh if _differs(place, known.get(place.code))]
        Place.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=("code",), update_fields=_UPDATED
        )
        written += len(changed)
        if changed:
            known = {place.code: place for place in Place.objects.all()}
    codes = [unit.code for unit in units]
    return written + Place.objects.filter(active=True).exclude(code__in=codes).update(active=False)


def _row(unit: Unit, known: Mapping[str, Place], own: tuple[str, ...]) -> Place:
    parent = known[unit.parent] if unit.parent else None
    aliases = list(dict.fromkeys((*own, *unit.aliases)))
    # The province is not said: everybody here lives in it.
    path = f"{unit.name}, {parent.path}" if parent and parent.level > 1 else unit.name
    around = parent.words if parent and parent.level > 1 else ""
    return Place(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        level=unit.level,
        parent=parent,
        aliases=aliases,
        path=path,
        sort_key=sort_key(unit.name)[:200],
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        active=True,
        words="\n".join(part for part in (unit.name, *aliases, around) if part),
    )


def _differs(place: Place, known: Place | None) -> bool:
    return known is None or any(
        getattr(place, field) != getattr(known, field) for field in _UPDATED
    )
