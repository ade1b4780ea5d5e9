"""What every page has: emergencies, two languages, help, safe headers; pages for mistakes."""

from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from hotline.domain.city.model import City
from tests.edges.portal.paper import Citizen, forms_without_token

pytestmark = pytest.mark.django_db
PAGES = ("/", "/report/2/", "/track/", "/no-such-page/")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_begins_with_the_emergency_numbers(citizen: Citizen, path: str) -> None:
    page = citizen.get(path)
    body = page.html.partition("<body")[2]
    for number in ("113", "114", "115"):
        assert f'href="tel:{number}"' in body.partition("<main")[0]
    assert body.partition("<footer")[2].count('href="tel:1022"') == 1


def test_home_offers_every_branch_and_every_way_of_the_city(citizen: Citizen, city: City) -> None:
    page = citizen.get("/")
    for branch in city.menu.branches:
        assert f"/report/{branch.key}/" in page.links
    for way in city.ways:
        assert str(way.label["vi"]) in page.html


def test_pages_speak_vietnamese_until_another_language_is_chosen(
    citizen: Citizen, city: City
) -> None:
    page = citizen.get("/")
    assert '<html lang="vi">' in page.html
    foreign = citizen.client.get("/", headers={"accept-language": "en-GB,en"})
    assert '<html lang="vi">' in foreign.content.decode()
    page = citizen.post("/i18n/setlang/", {"language": "en", "next": "/report/2/"})
    assert page.path == "/report/2/"
    assert '<html lang="en">' in page.html
    branch = city.menu.branch("2")
    assert branch is not None
    assert str(branch.label["en"]) in page.text


def test_a_report_goes_on_in_the_language_chosen_in_the_middle(citizen: Citizen) -> None:
    citizen.walk("household")
    citizen.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = citizen.answer("household", answer="many")
    assert "Please write it in digits." in page.text
    assert "How many people" in page.text


def test_an_unknown_language_is_the_citys_own(citizen: Citizen) -> None:
    citizen.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "../../etc"
    assert '<html lang="vi">' in citizen.get("/").html


def test_no_page_runs_what_stands_in_it(citizen: Citizen) -> None:
    pages = [citizen.walk(until) for until in ("need", "check")]
    pages += [citizen.get(path) for path in PAGES]
    for page in pages:
        assert "<style" not in page.html
        assert " style=" not in page.html
        assert " onclick" not in page.html
        for script in page.html.split("<script")[1:]:
            assert script.startswith(' src="')
        assert not list(forms_without_token(page.html))
    policy = citizen.client.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_form_from_elsewhere_is_refused_with_a_page_that_helps(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/report/2/", {"answer": "yes"})
    assert response.status_code == 403
    assert 'href="tel:1022"' in response.content.decode()


def test_when_the_database_is_gone_the_page_still_says_what_to_do(city: City) -> None:
    client = Client(raise_request_exception=False)
    gone = OperationalError("the connection was refused")
    with patch("hotline.domain.city.selectors.current_id", side_effect=gone):
        response = client.get("/")
    page = response.content.decode()
    assert response.status_code == 500
    for words in ("113", "114", "115", "1022", "sự cố", "Something is broken"):
        assert words in page


def test_too_large_a_form_is_refused_with_a_page_that_helps(citizen: Citizen) -> None:
    citizen.walk("details")
    client = citizen.client
    client.raise_request_exception = False
    page = citizen.answer("details", answer="x" * 3_000_000)
    assert page.status == 400
    assert 'href="tel:1022"' in page.html
