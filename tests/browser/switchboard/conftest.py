"""The whole hotline, once; two operators in browsers of their own and callers, for each test."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.usecases.sign_off import sign_off
from tests.browser.switchboard.hotline import (
    BrowserRig,
    Desk,
    desk,
    make_operator,
)
from tests.browser.switchboard.street import Street, eventually
from tests.phone.database import database_of
from tests.phone.quiet import is_quiet

FIRST_HZ, SECOND_HZ = 700, 1100
expect.set_options(timeout=20_000)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def running_hotline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserRig]:
    rig = BrowserRig(tmp_path_factory.mktemp("hotline"))
    try:
        rig.build()
        yield rig
    finally:
        rig.tear_down()


@pytest.fixture
def hotline(
    browser: Browser, running_hotline: BrowserRig, django_db_blocker: DjangoDbBlocker
) -> Iterator[BrowserRig]:
    """With this process's Django on its database. ``browser`` only lends its driver."""
    with database_of(running_hotline, django_db_blocker):
        yield running_hotline
        eventually(is_quiet, within_s=60)


@pytest.fixture
def street(hotline: BrowserRig, operators: tuple[User, User]) -> Iterator[Street]:
    with Street(hotline.base + 4) as street:
        yield street


@pytest.fixture
def operators(hotline: BrowserRig) -> Iterator[tuple[User, User]]:
    """Two who were never seen before; when the test ends nobody waits and nobody is on duty."""
    made = [make_operator(f"operator.{n}", f"op{200 + n}") for n in itertools.islice(_numbers, 2)]
    yield made[0], made[1]
    eventually(lambda: all(_signed_off(user) for user in made), within_s=60)


@pytest.fixture
def desks(
    hotline: BrowserRig, browser: Browser, operators: tuple[User, User], street: Street
) -> Iterator[tuple[Desk, Desk]]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(desk(browser.browser_type, program, hotline, user, hum_hz=hum_hz))
            for user, hum_hz in zip(operators, (FIRST_HZ, SECOND_HZ), strict=True)
        )
        yield first, second


def _signed_off(user: User) -> bool:
    """Whoever wraps up or rings for somebody is asked again."""
    is_quiet()
    try:
        sign_off(user=user, now=datetime.now(UTC))
    except Refusal:
        return False
    return True
