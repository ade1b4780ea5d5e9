"""What every test may use: a database, the city, named people, a clock."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from hotline.domain.city.model import City
from tests.people import People, make_people
from tests.settings import GIVEN_DATABASE, RUN

CITY = "hcmc-2021"
APPEND_ONLY = ("history_entry", "cases_caseevent")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: Playwright's event loop runs until their end, and no
    other could run beside it. What only the long run does is left out of the short one."""
    items.sort(key=lambda item: "browser" in item.path.relative_to(item.config.rootpath).parts)
    if os.environ.get("HOTLINE_TEST_LONG") == "1":
        return
    skip = pytest.mark.skip(reason="only with HOTLINE_TEST_LONG=1")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Starts a private PostgreSQL where the environment names none."""
    if GIVEN_DATABASE:
        yield
        return
    from hotline.config.env import read
    from launcher import postgres

    url = postgres.start_private(RUN / "postgres", _free_port())
    os.environ["DATABASE_URL"] = url
    connection.settings_dict.update(read().database)
    settings.DATABASES["default"].update(read().database)
    yield
    connection.close()
    postgres.discard(RUN / "postgres")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Django empties the tables after transactional tests by TRUNCATE, which the append-only
    tables refuse; the tests' database alone lets it pass."""
    from tests.loaded_city import load

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only_table")
        load(CITY)


@pytest.fixture
def city(db: None) -> City:
    """The city; loaded once for the run, and again after a test that emptied the tables."""
    from hotline.domain.city import selectors
    from tests.loaded_city import load

    return selectors.current()[1] if selectors.current_id() is not None else load(CITY)


@pytest.fixture
def people(city: City) -> People:
    """Everybody who signs in; an officer of the agency that serves ``stories.HOME``, and one of
    another agency."""
    from tests.stories import HOME_AGENCY, OTHER_AGENCY

    return make_people(agency=HOME_AGENCY, other_agency=OTHER_AGENCY)


@pytest.fixture
def now() -> datetime:
    """A working morning of a summer that the city remembers."""
    return datetime(2021, 7, 23, 2, 30, tzinfo=UTC)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
