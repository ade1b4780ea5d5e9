"""Hanoi's keys 1 to 3 on a real line: each leads to somebody outside, and who finds nobody there
hears the number and may be rung back."""

from collections.abc import AsyncIterator, Iterator

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from bench.citizen import in_database
from hotline.dialogue.exchange import Expect
from hotline.domain.calls.models import CallBack
from hotline.domain.contacts.models import Contact
from hotline.domain.contacts.services import state_of
from hotline.edges.adapters.telephony.trunk import answer_pitch
from hotline.reports.call_result import standing
from tests.phone.citizens import Caller, Town, eventually
from tests.phone.database import database_of
from tests.phone.rig import Rig

pytestmark = [pytest.mark.phone, pytest.mark.long]

LINES = {"1": "115", "2": "0969082115", "3": "19009095"}
"""As cities/hanoi-2021/branches.yaml has them."""
BUSY = "9990000001"
PITCHES = tuple(sorted({answer_pitch(number) for number in LINES.values()}))


@pytest.fixture(scope="module")
def running_hanoi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rig = Rig(tmp_path_factory.mktemp("hanoi"), city="hanoi-2021")
    try:
        rig.build()
        yield rig
    finally:
        rig.tear_down()


@pytest.fixture
def hanoi(running_hanoi: Rig, django_db_blocker: DjangoDbBlocker) -> Iterator[Rig]:
    with database_of(running_hanoi, django_db_blocker):
        yield running_hanoi


@pytest.fixture
async def rig(hanoi: Rig) -> AsyncIterator[Rig]:
    """The thread that asks the database has a connection of its own, which would stay with the
    other tests' rig."""
    await in_database(connections.close_all)
    yield hanoi
    await in_database(connections.close_all)


@pytest.fixture
def third_is_busy(rig: Rig) -> Iterator[None]:
    """The doctors' network has no free line, as far as this city's file is concerned."""
    file = rig.folder / "cities" / rig.city / "branches.yaml"
    before = file.read_text()
    assert before.count(LINES["3"]) == 1
    for text in (before.replace(LINES["3"], BUSY), before):
        file.write_text(text)
        rig.manage("load_city", rig.city)
        if text != before:
            yield


async def _presses(caller: Caller, key: str) -> None:
    await caller.hears_question(within_s=10)
    await caller.call.press(key)


@pytest.mark.parametrize(("key", "number"), LINES.items())
async def test_a_key_connects_with_its_line(town: Town, key: str, number: str) -> None:
    caller = await town.ring()
    await _presses(caller, key)
    await caller.call.hears_pitches({answer_pitch(number)}, of=PITCHES, within_s=15)
    assert await in_database(lambda: _branch(caller)) == key  # two of the lines sound alike
    await caller.call.hang_up()
    await eventually(
        lambda: Contact.objects.filter(pk=caller.contact, outcome="served").exists(), within_s=10
    )
    assert not await in_database(CallBack.objects.filter(contact=caller.contact).exists)


@pytest.mark.usefixtures("third_is_busy")
async def test_a_busy_line_gives_the_number_and_a_call_back(town: Town) -> None:
    caller = await town.ring()
    await _presses(caller, "3")
    await eventually(lambda: _expects(caller) is Expect.ANNOUNCEMENT, within_s=15)
    await caller.hears_question(within_s=15)
    await caller.call.press("1")
    await caller.call.is_hung_up_on(within_s=20)
    call_back = await in_database(lambda: CallBack.objects.get(contact=caller.contact))
    assert (call_back.branch, call_back.reason) == ("3", "announcement")


def _branch(caller: Caller) -> str | None:
    return state_of(Contact.objects.get(pk=caller.contact)).branch


def _expects(caller: Caller) -> Expect | None:
    ask = standing(caller.contact).ask
    return ask.expect if ask is not None else None
