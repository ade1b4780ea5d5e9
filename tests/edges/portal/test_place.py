"""Picking a place without scripts: by its name, without accents, or from lists."""

import pytest

from hotline.domain.city.model import City
from tests.edges.portal.paper import Citizen, Page
from tests.stories import HOME

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(citizen: Citizen) -> Citizen:
    citizen.walk("place")
    return citizen


def _found(page: Page) -> bool:
    return f'value="{HOME}"' in page.html


def test_a_name_without_accents_finds_the_place_and_keeps_the_street(asked: Citizen) -> None:
    page = asked.answer("place", do="search", q="vo thi sau", detail="12 Lê Lợi")
    assert page.asks == "place"
    assert not page.refused
    assert _found(page)
    assert page.fields["detail"] == "12 Lê Lợi"


def test_the_only_place_of_that_name_is_chosen_at_once(asked: Citizen) -> None:
    page = asked.answer("place", do="search", q="phường võ thị sáu quận 3")
    assert page.chosen["place"] == HOME


def test_where_many_places_share_a_name_the_page_says_how_to_tell_them_apart(
    asked: Citizen,
) -> None:
    asked.client.cookies["django_language"] = "en"
    many = asked.answer("place", do="search", q="phuong 1")
    few = asked.answer("place", do="search", q="phuong 1 quan 3")
    assert many.html.count('name="place"') == 8
    assert "Add the name of the district" in many.text
    assert "Add the name of the district" not in few.text


def test_enter_in_the_search_field_searches(asked: Citizen) -> None:
    page = asked.answer("place", do="enter", q="vo thi sau", searched="")
    assert _found(page)
    assert not page.refused


def test_going_on_with_a_name_that_was_not_searched_yet_searches(asked: Citizen) -> None:
    page = asked.answer("place", do="go", q="vo thi sau", searched="", detail="12 Lê Lợi")
    assert page.asks == "place"
    assert _found(page)


def test_a_name_that_nothing_bears_says_so_and_keeps_what_was_chosen(asked: Citizen) -> None:
    page = asked.answer("place", do="search", q="zzzz", place=HOME)
    assert "zzzz" in page.text
    assert page.chosen["place"] == HOME


def test_a_ward_is_picked_from_the_lists(asked: Citizen) -> None:
    district = HOME.rpartition(".")[0]
    page = asked.answer("place", do="browse", district=district, detail="12 Lê Lợi")
    assert f'<option value="{HOME}"' in page.html
    page = asked.answer("place", do="go", district=district, ward=HOME, detail="12 Lê Lợi")
    assert page.asks == "details"
    assert asked.get(f"{asked.root}ask/place/").chosen["place"] == HOME


def test_choosing_a_district_and_going_on_shows_its_wards(asked: Citizen) -> None:
    page = asked.answer("place", do="go", district=HOME.rpartition(".")[0])
    assert page.asks == "place"
    assert f'<option value="{HOME}"' in page.html


def test_who_does_not_know_the_ward_picks_the_district(asked: Citizen) -> None:
    district = HOME.rpartition(".")[0]
    assert asked.answer("place", do="go", district=district, ward=district).asks == "details"


def test_the_piece_that_scripts_ask_for_holds_the_places_found(
    citizen: Citizen, city: City
) -> None:
    page = citizen.get("/report/places/?q=vo+thi+sau")
    assert _found(page)
    assert "<html" not in page.html
    assert citizen.get("/report/places/").status == 200
