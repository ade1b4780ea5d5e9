"""People find their ward as they write it: without accents, cut short, by its old name."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.core.errors import NotFound
from hotline.domain.city.model import City, Units
from hotline.domain.places import provider, selectors, services
from hotline.domain.places.models import Place

pytestmark = pytest.mark.django_db
SUMMER = dt.date(2021, 7, 22)


def found(text: str, limit: int = 5) -> list[str]:
    return [place.path for place in selectors.search(text, limit=limit, on=SUMMER)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Phường Bến Thành", "Phường Bến Thành, Quận 1"),
        ("ben thanh", "Phường Bến Thành, Quận 1"),
        ("BEN THANH, Q1", "Phường Bến Thành, Quận 1"),
        ("P. Bến Thành", "Phường Bến Thành, Quận 1"),
        ("ben tha", "Phường Bến Thành, Quận 1"),
        ("p1 q3", "Phường 1, Quận 3"),
        ("P.01, Q.3", "Phường 1, Quận 3"),
        ("f5 gò vấp", "Phường 5, Quận Gò Vấp"),
        ("quan 1", "Quận 1"),
        ("q10", "Quận 10"),
        ("hòa thạnh", "Phường Hòa Thạnh, Quận Tân Phú"),
        ("hoà thạnh", "Phường Hòa Thạnh, Quận Tân Phú"),
        ("hoa thanh", "Phường Hòa Thạnh, Quận Tân Phú"),
        ("da kao", "Phường Đa Kao, Quận 1"),
        ("thu duc", "Thành phố Thủ Đức"),
        ("TP Thủ Đức", "Thành phố Thủ Đức"),
        ("quận 9", "Thành phố Thủ Đức"),
        ("phường 7 quận 3", "Phường Võ Thị Sáu, Quận 3"),
        ("bình khánh", "Xã Bình Khánh, Huyện Cần Giờ"),
        ("hóc môn", "Huyện Hóc Môn"),
    ],
)
def test_a_place_is_found_as_people_write_it(typed: str, first: str, city: City) -> None:
    assert found(typed)[0] == first


def test_composed_and_decomposed_text_find_the_same(city: City) -> None:
    import unicodedata

    for form in ("NFC", "NFD"):
        assert found(unicodedata.normalize("NFC", "Gò Vấp")) == found(
            unicodedata.normalize(form, "Gò Vấp")
        )


def test_ward_1_is_not_ward_10(city: City) -> None:
    names = {place.name for place in selectors.search("phường 1", limit=50, on=SUMMER)}
    assert "Phường 1" in names
    assert not {"Phường 10", "Phường 11", "Phường 12"} & names


def test_accents_that_are_given_decide(city: City) -> None:
    """“Tân Phú” is a district and wards; “Tan Phu” may also be other words."""
    assert found("tân phú")[0] == "Quận Tân Phú"
    with_accents = found("thạnh", limit=50)
    assert with_accents.index("Phường Hòa Thạnh, Quận Tân Phú") < with_accents.index(
        "Phường Bến Thành, Quận 1"
    )


@pytest.mark.parametrize(
    "typed", ["", "   ", "%", "_", "'; DROP TABLE", "\x00", "🙏", "(((", "\\", "*"]
)
def test_what_is_no_place_finds_nothing(typed: str, city: City) -> None:
    assert found(typed) == []


@settings(max_examples=60, deadline=None)
@given(typed=st.text(max_size=60))
def test_any_text_can_be_searched(typed: str, django_db_blocker: object) -> None:
    assert len(selectors.search(typed, limit=3, on=SUMMER)) <= 3


def test_children_stand_in_the_order_of_the_alphabet(city: City) -> None:
    names = [place.name for place in selectors.children("79.770", on=SUMMER)]
    assert names[:3] == ["Phường 1", "Phường 2", "Phường 3"]
    assert names.index("Phường 9") < names.index("Phường 11") < names.index("Phường Võ Thị Sáu")


def test_browsing_begins_with_the_districts(city: City) -> None:
    assert len(selectors.top(on=SUMMER)) == 22


def test_ancestors_go_up_from_the_place_itself(city: City) -> None:
    ward = selectors.by_code("79.760.26740")
    assert selectors.ancestors(ward) == ("79.760.26740", "79.760", "79")
    assert selectors.ancestors(None) == ()
    with pytest.raises(NotFound):
        selectors.by_code("80.1")


def test_the_day_decides_which_units_are_offered(city: City) -> None:
    units = provider.load(provinces=["79"], units=[Units.BEFORE_2025, Units.SINCE_2025])
    services.sync_places(units=units, aliases={})
    before, after = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
    old = selectors.search("bến thành", limit=3, on=before)
    new = selectors.search("bến thành", limit=3, on=after)
    assert [place.path for place in old] == ["Phường Bến Thành, Quận 1"]
    assert [place.path for place in new] == ["Phường Bến Thành"]
    assert old[0].code != new[0].code
    assert len(selectors.top(on=after)) == 168


def test_syncing_twice_writes_nothing(city: City) -> None:
    units = provider.load(provinces=["79"], units=[Units.BEFORE_2025])
    services.sync_places(units=units, aliases=city.places.aliases)
    assert services.sync_places(units=units, aliases=city.places.aliases) == 0


def test_the_database_folds_as_the_code_does(city: City) -> None:
    from hotline.core.vietnamese import fold

    for words, folded in Place.objects.values_list("words", "folded"):
        assert fold(words) == folded
