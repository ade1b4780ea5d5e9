"""The page for calling from the browser, in a real one; ``tests/browser/switchboard`` calls."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.fixtures import Settings

from tests.browser.conftest import SMALL, WIDE, OpenPage, look
from tests.people import CITIZEN


@pytest.fixture(params=[(SMALL, "vi"), (WIDE, "en")], ids=["small-vi", "wide-en"])
def screen(request: pytest.FixtureRequest, settings: Settings, open_page: OpenPage) -> Page:
    settings.ENV = replace(settings.ENV, phone=True)
    width, language = request.param
    return open_page(width=width, language=language)


def test_the_page_before_and_in_a_call(screen: Page) -> None:
    screen.goto("/")
    look(screen, "home-with-call")
    screen.locator("a[href='/call/']").click()
    look(screen, "call")
    screen.fill("#number", "12")
    screen.locator("#begin [type=submit]").click()
    expect(screen.locator("#number-error")).to_be_visible()
    expect(screen.locator("#number")).to_be_focused()
    look(screen, "call-refused")
    screen.fill("#number", CITIZEN)
    screen.keyboard.press("Enter")
    expect(screen.locator(".keypad")).to_be_visible()
    look(screen, "call-under-way")
    screen.locator("#end").click()
    expect(screen.locator("#over")).to_be_focused()
    look(screen, "call-over")
    screen.locator("#again").click()
    expect(screen.locator("#number")).to_have_value(CITIZEN)


def test_who_is_quicker_than_the_script_still_calls(screen: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    screen.route("**/portal/call*.js", hold, times=1)
    screen.goto("/call/", wait_until="commit")
    screen.fill("#number", CITIZEN)
    screen.keyboard.press("Enter")
    expect(screen.locator(".keypad")).to_be_visible()
    expect(screen.locator("#number")).to_have_value(CITIZEN)


def test_without_scripts_the_telephone_is_named(open_page: OpenPage, settings: Settings) -> None:
    settings.ENV = replace(settings.ENV, phone=True)
    page = open_page(width=SMALL, scripts=False)
    page.goto("/call/")
    expect(page.locator("main a[href^='tel:']").first).to_be_visible()
    expect(page.locator("main .notice--warning")).to_be_visible()
    expect(page.locator("#begin [type=submit]")).to_be_hidden()
