"""A process that no longer shows itself is down, and one says since when."""

from datetime import datetime, timedelta

import pytest

from hotline.domain.nodes.models import Heartbeat
from hotline.domain.nodes.selectors import parts
from hotline.domain.nodes.services import beat

pytestmark = pytest.mark.django_db


def test_a_silent_process_is_down(now: datetime) -> None:
    beat(process="worker", node="a", now=now)
    assert parts(now + timedelta(seconds=9)) == {"worker": (True, "")}
    up, why = parts(now + timedelta(seconds=11))["worker"]
    assert not up
    assert "02:30:00" in why


def test_a_part_is_up_while_one_of_its_nodes_lives(now: datetime) -> None:
    beat(process="switchboard", node="a", now=now - timedelta(minutes=1))
    beat(process="switchboard", node="b", now=now)
    assert parts(now)["switchboard"][0]
    beat(process="switchboard", node="b", now=now, up=False, detail="no asterisk" + "x" * 500)
    up, why = parts(now)["switchboard"]
    assert not up
    assert why.startswith("no asterisk")
    assert Heartbeat.objects.count() == 2


def test_a_process_of_the_day_before_is_forgotten(now: datetime) -> None:
    beat(process="old", node="a", now=now - timedelta(days=2))
    assert parts(now) == {}
