"""Ordinary steps that are asked from the event loop leave what the plain ones leave, and a lane
that fails loses nothing: its step goes the plain way."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar
from unittest import mock

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from hotline.core.clock import SystemClock
from hotline.dialogue.exchange import Event, Keys, Left, ToCallbot
from hotline.dialogue.state import Outcome, Stage
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact, Recording
from hotline.domain.queue.models import Ticket, TicketState
from hotline.edges.adapters.telephony.desk import Desk
from hotline.edges.adapters.telephony.quick_lane import QuickLane
from hotline.usecases import quick_call
from hotline.usecases.hear import hear
from hotline.usecases.turn import Turn
from tests import stories

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "0907654321"
Then = Callable[[], Awaitable[None]]
T = TypeVar("T")


async def nothing() -> None:
    pass


def answer(turn: Turn) -> Event:
    state = turn.state
    match state.stage:
        case Stage.MENU:
            return Keys(stories.HARDSHIP)
        case Stage.QUEUE:
            return ToCallbot("busy")
        case Stage.SLOT if state.slot in {"place", "details"}:
            return stories.speak(4.0)
        case Stage.SLOT:
            return stories.KEYED[state.slot or ""]
    return Keys("1")


async def call(desk: Desk, channel: str, *, between: Then = nothing) -> Turn:
    turn = (await desk.take(channel=channel, number=NUMBER)).turn
    for _ in range(40):
        await between()
        if turn.state.outcome is not None:
            await desk.hear(contact=turn.contact, step=turn.step, event=Left())
            return turn
        turn = await desk.hear(contact=turn.contact, step=turn.step, event=answer(turn))
    raise AssertionError(turn.state)


def cut_the_lane() -> None:
    """The database ends every connection of the lane."""
    with psycopg.connect(_where(), autocommit=True) as line:
        line.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'hotline quick' AND datname = current_database()"
        )


def _where() -> str:
    known = connection.get_connection_params()
    return make_conninfo(
        **{key: known[key] for key in ("host", "port", "user", "password", "dbname")}
    )


def on_the_lane(story: Callable[[Desk], Coroutine[None, None, T]]) -> T:
    """On a loop of its own; nothing stays open."""

    async def told() -> T:
        desk = Desk(node="lane", clock=SystemClock(), lane=QuickLane())
        try:
            return await story(desk)
        finally:
            await desk.close()
            desk._pool.shutdown()  # waits until each of its threads has closed its connection

    return asyncio.run(told())


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut before every step"])
def test_a_call_on_the_lane_is_taken_to_its_end(city: City, *, cut: bool) -> None:
    async def between() -> None:
        if cut:
            await asyncio.to_thread(cut_the_lane)

    with mock.patch.object(quick_call, "hear", wraps=hear) as plainly:
        turn = on_the_lane(lambda desk: call(desk, "channel-1", between=between))
    assert turn.state.outcome is Outcome.COMPLETE
    assert turn.code
    assert bool(plainly.call_count) is cut
    contact = Contact.objects.get(pk=turn.contact)
    assert contact.step == turn.step
    assert (contact.ended_at is not None, contact.branch) == (True, stories.HARDSHIP)
    assert Recording.objects.filter(contact=contact).count() == 2
    assert Ticket.objects.get(contact=contact).state == TicketState.ENDED


def test_a_channel_that_was_taken_already_is_taken_up(city: City) -> None:
    async def twice(desk: Desk) -> tuple[Turn, Turn]:
        first = await desk.take(channel="channel-2", number=NUMBER)
        again = await desk.take(channel="channel-2", number=NUMBER)
        return first.turn, again.turn

    first, again = on_the_lane(twice)
    assert (first.contact, first.step) == (again.contact, again.step)
    assert Contact.objects.count() == 1
