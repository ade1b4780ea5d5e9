"""Another city, the same pages: numbers outside the hotline are given, not asked about."""

import pytest
from django.test import Client

from hotline.domain.contacts.models import Contact
from tests.edges.portal.paper import Citizen
from tests.loaded_city import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(client: Client) -> Client:
    load("hanoi-2021")
    return client


def test_a_branch_with_a_number_of_its_own_gives_that_number(elsewhere: Client) -> None:
    page = Citizen(elsewhere, "1").get("/report/1/")
    assert 'href="tel:115"' in page.html.partition("<main")[2].partition("</main>")[0]
    assert "<form" not in page.html.partition("<main")[2].partition("</main>")[0]


def test_the_front_page_leads_to_the_citys_own_ways(elsewhere: Client) -> None:
    page = Citizen(elsewhere).get("/")
    assert "https://1022.hanoi.gov.vn" in page.links
    assert "0969 082 115" in page.text


def test_such_a_branch_takes_no_report(elsewhere: Client) -> None:
    Citizen(elsewhere, "1").begin()
    assert not Contact.objects.exists()


@pytest.mark.parametrize("branch", ["4", "5", "6", "7"])
def test_every_other_branch_begins_with_consent_and_a_first_question(
    elsewhere: Client, branch: str
) -> None:
    citizen = Citizen(elsewhere, branch)
    page = citizen.begin()
    assert page.path.startswith(f"/report/{branch}/ask/")
    assert not page.refused
