"""The rig, once a session, and citizens who ring it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.phone.citizens import Town
from tests.phone.database import database_of
from tests.phone.rig import Rig


@pytest.fixture(scope="session")
def running_rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rig = Rig(tmp_path_factory.mktemp("rig"))
    try:
        rig.build()
        yield rig
    finally:
        rig.tear_down()


@pytest.fixture
def rig(running_rig: Rig, django_db_blocker: DjangoDbBlocker) -> Iterator[Rig]:
    """The rig, with this process's Django on the rig's database."""
    with database_of(running_rig, django_db_blocker):
        yield running_rig


@pytest.fixture
async def town(rig: Rig) -> AsyncIterator[Town]:
    """Where the callers live; everybody has hung up when the test ends."""
    async with Town(rig) as town:
        yield town
