"""The wallboard in a browser, with the live plane behind the same origin as the pages."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from hotline.domain.accounts.models import User
from hotline.edges.screens.wallboard.latest import latest
from tests.browser.conftest import WIDE
from tests.browser.staff import sign_in
from tests.live_plane import LivePlane, live_plane, one_origin
from tests.people import People

BoardOf = Callable[..., Page]


@pytest.fixture
def plane(live_server: LiveServer, people: People) -> Iterator[LivePlane]:
    latest.forget()
    with live_plane() as running:
        yield running
    latest.forget()


@pytest.fixture
def board_of(browser: Browser, live_server: LiveServer, plane: LivePlane) -> Iterator[BoardOf]:
    """``board_of(user, width=WIDE, scripts=True)``: the wallboard as this user sees it."""
    contexts: list[BrowserContext] = []
    with one_origin(web_url=live_server.url, live_url=plane.url) as origin:

        def open_board(user: User, *, width: int = WIDE, scripts: bool = True) -> Page:
            context = browser.new_context(
                base_url=origin,
                viewport={"width": width, "height": 900},
                java_script_enabled=scripts,
            )
            contexts.append(context)
            context.set_default_timeout(15_000)
            page = context.new_page()
            sign_in(page, user)
            page.goto("/wallboard/")
            return page

        yield open_board
        for context in contexts:
            context.close()
