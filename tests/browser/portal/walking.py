"""Walking through the report in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.people import CITIZEN
from tests.stories import STREET, WORDS

Look = Callable[[str], None]


def go(page: Page) -> None:
    page.locator("button[value=go]").click()


def pick(page: Page, value: str) -> None:
    page.locator(f"input[value='{value}']").check()
    go(page)


def write(page: Page, words: str) -> None:
    page.fill("#answer", words)
    go(page)


def nothing(_name: str) -> None:
    """For walks that need no look at each page."""


def agree(page: Page, branch: str = "2") -> None:
    page.goto("/")
    page.locator(f"a[href='/report/{branch}/']").click()
    page.locator("#answer").check()
    page.locator("main form button").click()


def find_place(page: Page, *, scripts: bool) -> None:
    """Types a name without accents and picks the one that is meant."""
    page.fill("#answer", "vo thi sau")
    if not scripts:
        page.locator("button[value=search]").click()
    page.locator("#places label", has_text="Quận 3").locator("input").check()
    page.fill("#detail", STREET)


def to_check(page: Page, *, scripts: bool = True, look: Look = nothing) -> None:
    """A report for somebody in need, up to the page that shows all answers."""
    agree(page)
    look("need")
    pick(page, "necessities")
    look("for-whom")
    pick(page, "self")
    look("household")
    write(page, "4")
    look("place")
    find_place(page, scripts=scripts)
    look("place-found")
    go(page)
    look("details")
    write(page, WORDS)
    look("photos")
    go(page)
    look("phone")
    write(page, CITIZEN)
    look("check")


def report(page: Page, *, scripts: bool = True, look: Look = nothing) -> str:
    """A whole report, sent; gives the code."""
    to_check(page, scripts=scripts, look=look)
    page.locator("button[value=send]").click()
    look("sent")
    return code_on(page)


def code_on(page: Page) -> str:
    return re.sub(r"\D", "", page.locator(".code").first.inner_text())
