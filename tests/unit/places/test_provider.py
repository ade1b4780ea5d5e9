"""Administrative units come from a package that must never go on line."""

import datetime as dt
import socket

import pytest

from hotline.domain.city.model import Units
from hotline.domain.places import provider
from hotline.domain.places.provider import Unit

BOTH = (Units.BEFORE_2025, Units.SINCE_2025)


def load(province: str, *units: Units) -> list[Unit]:
    return provider.load(provinces=[province], units=units or BOTH)


def test_the_package_never_goes_on_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address in a ward that was split is what the package would ask the internet about."""

    def forbidden(*args: object, **kwargs: object) -> None:
        raise AssertionError("somebody opened a socket")

    provider.offline()
    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    from vietnamadminunits import convert_address

    split = "12 Nguyễn Văn Bứa, Xã Xuân Thới Thượng, Huyện Hóc Môn, Thành phố Hồ Chí Minh"
    assert convert_address(split).province == "Thành phố Hồ Chí Minh"


def test_three_levels_until_the_middle_of_2025() -> None:
    units = load("79", Units.BEFORE_2025)
    assert [sum(unit.level == level for unit in units) for level in (1, 2, 3)] == [1, 22, 273]
    assert {unit.valid_to for unit in units} == {dt.date(2025, 7, 1)}
    assert {unit.valid_from for unit in units} == {None}


def test_two_levels_since_then() -> None:
    units = load("79", Units.SINCE_2025)
    assert [sum(unit.level == level for unit in units) for level in (1, 2, 3)] == [1, 0, 168]
    kinds = [unit.kind for unit in units if unit.level == 3]
    assert (kinds.count("Phường"), kinds.count("Xã"), kinds.count("Đặc khu")) == (113, 54, 1)
    assert {unit.valid_from for unit in units} == {dt.date(2025, 7, 1)}
    assert len([unit for unit in load("01", Units.SINCE_2025) if unit.level == 3]) == 126


def test_codes_are_unique_and_parents_come_first() -> None:
    for province in ("01", "79"):
        units = load(province)
        codes = [unit.code for unit in units]
        assert len(codes) == len(set(codes))
        for place, unit in enumerate(units):
            assert unit.parent is None or unit.parent in codes[:place]


def test_old_names_of_merged_units_are_aliases() -> None:
    by_name = {unit.name: unit for unit in load("79", Units.BEFORE_2025)}
    assert {"Quận 2", "Quận 9"} <= set(by_name["Thành phố Thủ Đức"].aliases)
    assert set(by_name["Phường Võ Thị Sáu"].aliases) == {"Phường 6", "Phường 7", "Phường 8"}


def test_islands_without_wards_are_districts_without_children() -> None:
    districts = [unit for unit in load("31", Units.BEFORE_2025) if "Bạch Long" in unit.name]
    assert districts
    assert not [unit for unit in load("31") if unit.parent == districts[0].code]


@pytest.mark.parametrize("province", ["03", "", "79'; DROP TABLE admin_units;--", "abc"])
def test_a_province_that_does_not_exist_has_no_units(province: str) -> None:
    assert load(province) == []
    assert province not in provider.provinces()
