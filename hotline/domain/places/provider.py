"""Administrative units from ``vietnamadminunits``, read without ever going on line.

The package sends addresses of split wards to a geocoder on the internet; its geocoding
function is replaced here before anything else can call it. Importing it takes most of a
second, so it happens only when a city is published or checked.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hotline.domain.city.model import Units

TWO_LEVELS_FROM = dt.date(2025, 7, 1)
_NEW = "2025."  # old and new units share numbers; new ones carry this prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One administrative unit. ``code``: codes of the statistics office from the province
    down, joined by dots (``79.760.26740``), new units behind ``2025.``; ``aliases``: other
    and older names, some written together without accents (``binhan``)."""

    code: str
    name: str
    kind: str
    level: int
    parent: str | None
    aliases: tuple[str, ...]
    valid_from: dt.date | None
    valid_to: dt.date | None


def offline() -> Any:
    """The package's ``database`` module, with the geocoder cut off. Importing this module is
    the only way in which this project touches the package."""
    from vietnamadminunits import database
    from vietnamadminunits.converter import converter_2025
    from vietnamadminunits.parser import utils

    def nowhere(address: str) -> None:
        """Stands for the geocoder: an address is never sent anywhere."""

    converter_2025.get_geo_location = nowhere
    utils.get_geo_location = nowhere
    return database


@cache
def provinces() -> frozenset[str]:
    """Codes of all provinces that can be loaded, without the prefix of new ones."""
    rows = offline().query(
        "SELECT provinceCode FROM admin_units_legacy UNION SELECT provinceCode FROM admin_units"
    )
    return frozenset(row["provinceCode"] for row in rows)


def load(*, provinces: Iterable[str], units: Sequence[Units]) -> list[Unit]:
    """The units of some provinces (codes such as ``79``), parents before children."""
    found: dict[str, Unit] = {}
    for province in provinces:
        if Units.BEFORE_2025 in units:
            found.update((unit.code, unit) for unit in _before_2025(province))
        if Units.SINCE_2025 in units:
            found.update((unit.code, unit) for unit in _since_2025(province))
    return sorted(found.values(), key=lambda unit: (unit.level, unit.code))


def _rows(table: str, province: str) -> list[dict[str, Any]]:
    if not province.isdecimal():
        return []
    query = f"SELECT * FROM {table} WHERE provinceCode = '{province}'"  # noqa: S608
    rows: list[dict[str, Any]] = offline().query(query)
    return rows


def _before_2025(province: str) -> Iterator[Unit]:
    for row in _rows("admin_units_legacy", province):
        dates = {"valid_from": None, "valid_to": TWO_LEVELS_FROM}
        top = row["provinceCode"]
        yield _province(row, top, **dates)
        middle = f"{top}.{row['districtCode']}"
        yield Unit(
            code=middle,
            name=row["district"],
            kind=row["districtType"],
            level=2,
            parent=top,
            aliases=_aliases(row["districtAlias"]),
            **dates,
        )
        if row["wardCode"] is None:  # islands without wards
            continue
        yield _ward(row, middle, **dates)


def _since_2025(province: str) -> Iterator[Unit]:
    for row in _rows("admin_units", province):
        dates = {"valid_from": TWO_LEVELS_FROM, "valid_to": None}
        top = f"{_NEW}{row['provinceCode']}"
        yield _province(row, top, **dates)
        yield _ward(row, top, **dates)


def _province(row: dict[str, Any], code: str, **dates: dt.date | None) -> Unit:
    name: str = row["province"]
    kind = "Thành phố" if name.startswith("Thành phố") else "Tỉnh"
    return Unit(
        code=code,
        name=name,
        kind=kind,
        level=1,
        parent=None,
        aliases=_aliases(row["provinceAlias"]),
        valid_from=dates["valid_from"],
        valid_to=dates["valid_to"],
    )


def _ward(row: dict[str, Any], parent: str, **dates: dt.date | None) -> Unit:
    return Unit(
        code=f"{parent}.{row['wardCode']}",
        name=row["ward"],
        kind=row["wardType"],
        level=3,
        parent=parent,
        aliases=_aliases(row["wardAlias"]),
        valid_from=dates["valid_from"],
        valid_to=dates["valid_to"],
    )


_NUMBERED = re.compile(r"(phuong|quan)0*(\d+)")
_ABBREVIATED = re.compile(r"(p|f|q|ward|district)0*\d+")
_KINDS = {"phuong": "Phường", "quan": "Quận"}


def _aliases(keys: str | None) -> tuple[str, ...]:
    """The package's keys (``phuong6``, ``p6``, ``binhan``) as names where they can be read;
    abbreviations of numbers are left out, since every numbered unit is found by them."""
    names: list[str] = []
    for key in json.loads(keys) if keys else []:
        numbered = _NUMBERED.fullmatch(key)
        if numbered:
            names.append(f"{_KINDS[numbered[1]]} {numbered[2]}")
        elif not _ABBREVIATED.fullmatch(key):
            names.append(key)
    return tuple(dict.fromkeys(names))
