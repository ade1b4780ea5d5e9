"""Who listens no more, and who takes nothing: their streams end, nobody else's."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from hotline.domain.accounts.models import Role, User
from hotline.edges.screens.wallboard import viewers
from hotline.edges.screens.wallboard.seats import signed_in as seats
from hotline.edges.screens.wallboard.viewers import (
    Frames,
    Room,
    Viewer,
    desk_stream,
    wallboard_stream,
)
from tests.edges.staff import moment, signed_in
from tests.people import People


def viewer() -> Viewer:
    return Viewer(session="s", user=1, role=Role.OPERATOR)


def frame(text: str) -> dict[bool, bytes]:
    return {True: text.encode(), False: b"nameless"}


async def take(stream: AsyncIterator[bytes]) -> bytes:
    async with asyncio.timeout(5):
        return await anext(stream)


async def test_who_is_slow_skips_what_is_old() -> None:
    room, frames = Room(), Frames()
    frames.publish(frame("1"))
    stream = wallboard_stream(room, frames, viewer(), names=True)
    assert await take(stream) == b"retry: 2000\n\n1"
    for number in range(2, 9):
        frames.publish(frame(str(number)))
    assert await take(stream) == b"8"
    frames.publish(frame("9"))
    assert await take(stream) == b"9"


async def test_a_quiet_stream_has_a_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewers, "HEARTBEAT_S", 0.01)
    versions = itertools.count(1)
    desk = desk_stream(Room(), viewer(), lambda: next(versions))
    assert (await take(desk)).count(b"event: ") == 3
    assert await take(desk) == viewers.HEARTBEAT
    board = wallboard_stream(Room(), Frames(), viewer(), names=False)
    assert await take(board) == viewers.BEGIN
    assert await take(board) == viewers.HEARTBEAT


async def test_several_changes_for_a_desk_are_one_event_each() -> None:
    room, one = Room(), viewer()
    versions = itertools.count(1)
    stream = desk_stream(room, one, lambda: next(versions))
    await take(stream)
    for number in (7, 8, 9):
        one.tell("talk", number)
    one.tell("presence", 10)
    assert await take(stream) == b"event: talk\ndata: 9\n\nevent: presence\ndata: 10\n\n"


async def test_who_takes_nothing_is_dropped_and_others_go_on() -> None:
    room, frames = Room(), Frames()
    frames.publish(frame("1"))
    stuck, quick = viewer(), viewer()
    never = asyncio.Event()
    got: list[bytes] = []

    async def send_to_stuck() -> None:
        async for _ in wallboard_stream(room, frames, stuck, names=True):
            await never.wait()  # their connection takes no more

    async def send_to_quick() -> None:
        async for part in wallboard_stream(room, frames, quick, names=True):
            got.append(part)  # noqa: PERF401 — looked at meanwhile

    tasks = [asyncio.create_task(send_to_stuck()), asyncio.create_task(send_to_quick())]
    async with asyncio.timeout(5):
        while stuck.sending_since is None or not got:
            await asyncio.sleep(0)
    room.drop_slow(now=stuck.sending_since + viewers.SLOW_S - 1)
    assert room.viewers == {stuck, quick}
    room.drop_slow(now=stuck.sending_since + viewers.SLOW_S + 1)
    assert room.viewers == {quick}
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    frames.publish(frame("2"))
    async with asyncio.timeout(5):
        while b"2" not in got:
            await asyncio.sleep(0)
    room.close()
    frames.wake()
    async with asyncio.timeout(5):
        await tasks[1]
    assert room.viewers == set()


@pytest.mark.django_db
def test_seats_are_known_for_many_at_once(people: People) -> None:
    clients = {user.pk: signed_in(user) for user in (people.operator, people.observer)}
    keys = {pk: client.cookies["sessionid"].value for pk, client in clients.items()}
    found = seats([*keys.values(), "nonsense"], now=moment())
    assert {key: user.pk for key, user in found.items()} == {key: pk for pk, key in keys.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["signed_out", "other_password", "locked", "expired"])
def test_a_seat_is_lost(people: People, how: str) -> None:
    client = signed_in(people.operator)
    key, now = client.cookies["sessionid"].value, moment()
    if how == "signed_out":
        client.logout()
    elif how == "other_password":
        people.operator.set_password("another password 1022")
        people.operator.save()
    elif how == "locked":
        User.objects.filter(pk=people.operator.pk).update(is_active=False)
    else:
        now = now.replace(year=now.year + 1, day=1)
    assert seats([key], now=now) == {}
