"""The order of what happens is known although the clock stands still."""

import asyncio
from unittest import mock

import pytest

from hotline.edges.adapters.telephony.line import Level, Line, Looks
from hotline.edges.adapters.telephony.moments import moment


async def test_each_moment_is_later_than_the_one_before() -> None:
    with mock.patch.object(asyncio.get_running_loop(), "time", return_value=7.0):
        moments = [moment() for _ in range(1000)]
    assert moments == sorted(set(moments))
    assert moments[0] == 7.0
    assert moments[-1] == pytest.approx(7.0)


async def test_who_joins_in_the_instant_of_a_look_is_not_taken_for_served() -> None:
    line, looks = Line("channel"), Looks()
    with mock.patch.object(asyncio.get_running_loop(), "time", return_value=7.0):
        looks.asked = moment()
        line.since = moment()  # now the caller stands in the queue
        line.tell(Level(None, looks), before=looks.asked)
        assert line.level_since(line.since) is None
        looks.asked = moment()
        assert line.level_since(line.since) is not None
