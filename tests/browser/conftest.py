"""Real browsers on a real server: a small screen and a wide one, with scripts and without."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from hotline.domain.city.model import City

SMALL = 360
WIDE = 1280
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One chromium for all; each page has a context (cookies) of its own."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("chromium is missing: ./1022 test installs it")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop lives in this thread; the tests' own queries are not inside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, city: City) -> Iterator[OpenPage]:
    """Opens a browser of one's own: ``open_page(width=SMALL, scripts=False, language="en")``."""
    contexts = []

    def open_one(*, width: int = WIDE, scripts: bool = True, language: str = "vi") -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_cookies(
            [{"name": "django_language", "value": language, "url": live_server.url}]
        )
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def look(page: Page, name: str) -> None:
    """Nothing is hidden from anybody: axe finds nothing, nothing sticks out sideways, and every
    target can be hit. Keeps a picture where BROWSER_SHOTS names a folder."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    if folder := os.environ.get("BROWSER_SHOTS"):
        page.screenshot(path=f"{folder}/{width}-{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is too wide"
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}})
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert small_targets(page) == [], name


def small_targets(page: Page) -> list[str]:
    """Buttons and fields that a thumb would miss (below 44 CSS pixels high). Links in running
    text are as high as the text."""
    listed: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("button, select, textarea, summary, nav a, .button,"
            + " input:not([type=hidden]):not([type=radio]):not([type=checkbox]), .choice")]
          .filter((e) => e.offsetParent && !e.closest(".hidden") && !e.matches(".hidden"))
          .filter((e) => e.getBoundingClientRect().height < 43.5)
          .map((e) => e.outerHTML.slice(0, 120))"""
    )
    return listed
