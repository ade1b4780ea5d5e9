"""The live plane as it runs: a real server, real notifications, more than one viewer."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import connection
from django.test import Client

from hotline.domain.queue.models import BranchSwitch
from hotline.usecases.end_switch import end_switch
from hotline.usecases.switch_branch import switch_branch
from tests.edges.staff import moment, signed_in
from tests.edges.wallboard.listener import asked, listening
from tests.live_plane import LivePlane, live_plane
from tests.people import People
from tests.queueing import on_duty

pytestmark = pytest.mark.django_db(transaction=True)
BOARD, DESK = "/live/wallboard", "/live/desk"


@pytest.fixture
def plane(people: People) -> Iterator[LivePlane]:
    with live_plane() as running:
        yield running


def notify(channel: str, payload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])


def test_two_viewers_see_a_change_at_once_and_the_same(plane: LivePlane, people: People) -> None:
    with (
        listening(plane.url, BOARD, signed_in(people.supervisor)) as one,
        listening(plane.url, BOARD, signed_in(people.operator)) as other,
    ):
        at_first = json.loads(one.until("board"))
        assert at_first["operators"] == []
        other.until("board")
        begun = time.monotonic()
        on_duty(people.operator, moment())
        seen = one.until("board", '"ready"')
        assert time.monotonic() - begun < 4  # promised: a second and what reading takes
        assert other.until("board", '"ready"') == seen
        assert json.loads(seen)["operators"][0]["name"] == people.operator.display_name


def test_observers_get_the_same_board_without_names(plane: LivePlane, people: People) -> None:
    on_duty(people.operator, moment())
    with listening(plane.url, BOARD, signed_in(people.observer)) as viewer:
        seen = viewer.until("board", '"ready"')
        assert people.operator.display_name not in seen


def test_many_changes_a_second_are_one_snapshot(plane: LivePlane, people: People) -> None:
    """The last change is never lost, and those before it cost nothing."""
    with listening(plane.url, BOARD, signed_in(people.supervisor)) as viewer:
        viewer.until("board")
        begun = time.monotonic()
        for minutes in range(1, 101):
            switch_branch(
                user=people.supervisor, branch="1", to="callbot", minutes=minutes, now=moment()
            )
        last = BranchSwitch.objects.get(branch="1", ended_at=None).until.isoformat()
        viewer.until("board", last)
        boards = sum(name == "board" for name, _ in viewer.events)
        assert boards <= 3 + (time.monotonic() - begun)
        end_switch(user=people.supervisor, branch="1", now=moment())
        viewer.until("board", '"branch":"1"')


def test_the_desk_hears_of_its_own_user_only(plane: LivePlane, people: People) -> None:
    with (
        listening(plane.url, DESK, signed_in(people.operator)) as mine,
        listening(plane.url, DESK, signed_in(people.second_operator)) as other,
    ):
        for viewer in (mine, other):
            assert [viewer.next() is not None for _ in range(3)] == [True] * 3
            assert {name for name, _ in viewer.events} == {"talk", "presence", "call_backs"}
        notify("hotline_desk", str(people.operator.pk))
        version = int(mine.until("talk"))
        mine.until("presence")
        assert version > max(int(data) for _, data in mine.events[:3])
        notify("hotline_desk", f"{people.second_operator.pk}:presence")
        other.until("presence")
        assert [name for name, _ in other.events[3:]] == ["presence"]


def test_only_who_may_gets_a_stream(plane: LivePlane, people: People) -> None:
    wanted: list[tuple[str, Client | None, int]] = [
        (BOARD, None, 401),
        (DESK, None, 401),
        (BOARD, signed_in(people.officer), 403),
        (DESK, signed_in(people.observer), 403),
    ]
    gone = signed_in(people.operator)
    left = Client()
    left.cookies.update(gone.cookies)
    gone.logout()
    wanted.append((BOARD, left, 401))
    for path, client, status in wanted:
        with asked(plane.url, path, client) as response:
            assert response.status == status
    headers = {"Cookie": "sessionid=nonsense"}
    with asked(plane.url, BOARD, None, **headers) as response:
        assert response.status == 401
    with asked(plane.url, "/live/nothing") as response:
        assert response.status == 404


def test_an_id_of_an_earlier_stream_does_no_harm(plane: LivePlane, people: People) -> None:
    client = signed_in(people.operator)
    with asked(plane.url, BOARD, client, **{"Last-Event-ID": "77"}) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.readline() == b"retry: 2000\n"


def test_stopping_ends_the_streams_at_once(people: People) -> None:
    with ExitStack() as stack:
        plane = stack.enter_context(live_plane())
        viewers = [
            stack.enter_context(listening(plane.url, BOARD, signed_in(people.operator)))
            for _ in range(3)
        ]
        for viewer in viewers:
            viewer.until("board")
        plane.stop(within_s=8)
        for viewer in viewers:
            while viewer.next() is not None:
                pass
            assert viewer.ended


def test_it_connects_again_when_the_database_drops_it(plane: LivePlane, people: People) -> None:
    with (
        listening(plane.url, BOARD, signed_in(people.supervisor)) as viewer,
        listening(plane.url, DESK, signed_in(people.operator)) as desk,
    ):
        viewer.until("board")
        assert [desk.next() is not None for _ in range(3)] == [True] * 3
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'hotline live'"
            )
            assert cursor.fetchone() == (1,)
        desk.until("talk")  # told again, since something may have been missed
        on_duty(people.operator, moment())
        viewer.until("board", '"ready"')
