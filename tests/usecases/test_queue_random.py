"""Thousands of random days in the queue: whatever callers, operators and phones do, in any
order, twice or too late, nobody is offered twice, nobody is lost, nobody is stuck."""

import os
from datetime import datetime, timedelta

import pytest

from hotline.domain.accounts.models import User
from hotline.domain.city.model import City
from hotline.domain.queue.models import Event, Kind, Leg, LegState, Offer, OfferState, Ticket
from hotline.domain.workforce.models import Presence, PresenceState
from hotline.usecases.run_queue import run_queue
from tests.people import People
from tests.usecases.queue_day import NODE, Day
from tests.workforce import operators

pytestmark = pytest.mark.django_db
LONG = os.environ.get("HOTLINE_TEST_LONG") == "1"
DAYS, STEPS = (150, 120) if LONG else (6, 60)


def close_desks(users: list[User], now: datetime) -> None:
    """The browsers are closed: nobody stays on duty for ever."""
    for minutes in range(1, 6):
        run_queue(node=NODE, dials=False, now=now + timedelta(minutes=minutes))
    assert set(Presence.objects.values_list("state", flat=True)) == {PresenceState.OFF}


@pytest.mark.parametrize("seed", range(DAYS))
def test_a_random_day_loses_nobody(seed: int, city: City, people: People, now: datetime) -> None:
    operators(people, now=now)
    day = Day(seed, people, now.replace(hour=3))
    for _ in range(STEPS):
        day.act()
        day.check()
    day.close()
    close_desks(day.users, day.now)
    assert not Offer.objects.exclude(state=OfferState.ENDED).exists()
    assert not Leg.objects.exclude(state=LegState.ENDED).exists()
    entered = Event.objects.filter(kind=Kind.ENTERED).count()
    assert entered == Ticket.objects.filter(kind="call").count()
