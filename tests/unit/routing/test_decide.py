"""Routing gives an agency and the reason in words, or says what is missing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.city.model import City, Rule
from hotline.domain.routing.decide import decide
from tests.unit.city.folders import CITIES, check


@pytest.fixture(scope="module")
def city() -> City:
    return City.from_content(check(CITIES / "hcmc-2021").content)


WARD = ("79.770.27139", "79.770", "79")
THU_DUC = ("79.769.26794", "79.769", "79")


@pytest.mark.parametrize(
    ("category", "places", "agency"),
    [
        ("necessities", WARD, "quan-3"),
        ("necessities", THU_DUC, "thu-duc"),
        ("others-in-need", ("79.787", "79"), "can-gio"),
        ("homeless", WARD, "quan-3"),
        ("violation", WARD, "quan-3"),
        ("support-not-received", WARD, "solaodong"),
        ("support-not-received", (), "solaodong"),
        ("proposal", (), "hoidongnhandan"),
        ("health-advice", (), "mangluoi-bacsi"),
        ("volunteer-medical", WARD, "mangluoi-bacsi"),
        ("volunteer-goods", WARD, "nhom-thiennguyen"),
        ("volunteer-policy", (), "thanhdoan"),
    ],
)
def test_a_need_reaches_the_agency_of_2021(
    category: str, places: tuple[str, ...], agency: str, city: City
) -> None:
    decision = decide(city=city, category=category, places=places)
    assert decision.agency == agency
    assert not decision.missing
    assert set(decision.reason) == {"vi", "en"}


def test_without_a_category_it_is_said(city: City) -> None:
    decision = decide(city=city, category=None, places=WARD)
    assert (decision.agency, decision.missing) == (None, ("category",))
    assert decision.reason["en"] == "It is not known yet what the case is about."


@pytest.mark.parametrize("places", [(), ("79",)])
def test_without_a_place_it_is_said(places: tuple[str, ...], city: City) -> None:
    decision = decide(city=city, category="necessities", places=places)
    assert (decision.agency, decision.missing) == (None, ("place",))
    assert "ward or the district is missing" in str(decision.reason["en"])


def test_a_place_that_nobody_serves_is_said(city: City) -> None:
    decision = decide(city=city, category="necessities", places=("01.001", "01"))
    assert (decision.agency, decision.missing) == (None, ("agency",))


def test_a_category_that_no_rule_names_is_said(city: City) -> None:
    assert decide(city=city, category="weather", places=WARD).missing == ("rule",)


def test_a_rule_for_an_agency_that_is_gone_is_said_and_not_skipped(city: City) -> None:
    lost = Rule(categories=("proposal",), agency="gone", reason={"vi": "a", "en": "a"})
    broken = replace(city, rules=(lost, *city.rules))
    decision = decide(city=broken, category="proposal", places=())
    assert (decision.agency, decision.missing) == (None, ("agency",))


def test_a_rule_for_some_places_comes_before_the_general_one(city: City) -> None:
    special = Rule(
        categories=("proposal",),
        places=("79.769",),
        agency="thu-duc",
        reason={"vi": "a", "en": "a"},
    )
    with_it = replace(city, rules=(special, *city.rules))
    assert decide(city=with_it, category="proposal", places=THU_DUC).agency == "thu-duc"
    assert decide(city=with_it, category="proposal", places=WARD).agency == "hoidongnhandan"
    assert decide(city=with_it, category="proposal", places=()).missing == ("place",)


def test_the_agency_of_the_smallest_unit_wins(city: City) -> None:
    ward_agency = replace(city.agency("quan-3"), code="phuong-9", serves=("79.770.27139",))
    with_it = replace(city, agencies=(*city.agencies, ward_agency))
    assert decide(city=with_it, category="necessities", places=WARD).agency == "phuong-9"


@given(
    category=st.none() | st.sampled_from(["necessities", "proposal", "violation", "x", ""]),
    places=st.lists(st.sampled_from(["79", "79.770", "79.769", "x", ""]), max_size=3).map(tuple),
)
def test_there_is_always_an_agency_or_something_missing(
    category: str | None, places: tuple[str, ...], city: City
) -> None:
    decision = decide(city=city, category=category, places=places)
    assert (decision.agency is None) == bool(decision.missing)
    assert all(decision.reason[language] for language in city.languages)
