"""The page for calling from the browser, and the telephone that it gets."""

from dataclasses import replace

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from hotline.domain.calls.models import WebCall
from hotline.domain.calls.web_calls import MOST_A_NUMBER, password_of
from hotline.domain.city.model import City
from tests.people import CITIZEN

SCRIPT = {"Accept": "application/json"}
"""As the page's script asks."""


@pytest.fixture
def with_phone(settings: Settings, city: City) -> None:
    settings.ENV = replace(settings.ENV, phone=True)


@pytest.mark.usefixtures("with_phone")
def test_the_page_says_what_the_keys_mean(client: Client, city: City) -> None:
    home = client.get("/").content.decode()
    assert 'href="/call/"' in home
    page = client.get("/call/").content.decode()
    for branch in city.menu.branches:
        assert f"<kbd>{branch.key}</kbd>" in page
    for key in "1234567890*#":
        assert f'data-key-sent="{key}"' in page


@pytest.mark.usefixtures("with_phone")
def test_a_number_gets_a_telephone_that_no_cache_keeps(client: Client) -> None:
    answer = client.post("/call/", {"number": CITIZEN}, headers=SCRIPT)
    call = WebCall.objects.get()
    assert answer.json() == {"extension": call.extension, "password": password_of(call)}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("with_phone")
def test_what_is_no_number_and_what_comes_too_often_is_refused(client: Client) -> None:
    wrong = client.post("/call/", {"number": "không"}, headers=SCRIPT)
    assert wrong.status_code == 422
    assert wrong.json()["problem"]
    for _ in range(MOST_A_NUMBER):
        assert client.post("/call/", {"number": CITIZEN}, headers=SCRIPT).status_code == 200
    often = client.post("/call/", {"number": CITIZEN}, headers=SCRIPT)
    assert often.status_code == 429
    assert often.json()["problem"]


@pytest.mark.usefixtures("with_phone")
def test_another_site_cannot_make_a_browser_call_us(city: City) -> None:
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post("/call/", {"number": CITIZEN}, headers=SCRIPT)
    assert answer.status_code == 403
    assert not WebCall.objects.exists()


@pytest.mark.usefixtures("with_phone")
def test_who_is_quicker_than_the_script_gets_the_page_again(client: Client) -> None:
    answer = client.post("/call/", {"number": CITIZEN}, headers={"Accept": "text/html,*/*"})
    page = answer.content.decode()
    assert f'value="{CITIZEN}"' in page
    assert "data-at-once" in page
    assert not WebCall.objects.exists()


def test_a_hotline_without_telephony_offers_none(client: Client, city: City) -> None:
    assert 'href="/call/"' not in client.get("/").content.decode()
    assert client.get("/call/").status_code == 404
    assert client.post("/call/", {"number": CITIZEN}, headers=SCRIPT).status_code == 404
