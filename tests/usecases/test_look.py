"""One statement says how everybody stands: on random days, the same as reading row by row."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hotline.core.errors import Refusal
from hotline.domain.city.model import City
from hotline.domain.queue.models import Offer, Order, Ticket, Verb
from hotline.domain.queue.seats import KNOWN_FOR, Seat, Talks
from hotline.domain.workforce.models import Operator
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.go_ready import go_ready
from hotline.usecases.open_web_call import open_web_call
from hotline.usecases.run_queue import QueueNews, run_queue
from hotline.usecases.sign_on import sign_on
from hotline.usecases.switch_branch import switch_branch
from tests.people import People
from tests.usecases.plain_level import plain_level
from tests.usecases.queue_day import NODE, Day
from tests.workforce import operators

pytestmark = pytest.mark.django_db
STEPS = 70


def mischief(day: Day, people: People) -> None:
    """What a ``Day`` does not do by itself."""
    dice = day.dice
    act = dice.choice(["orders", "orders", "page", "switch", "phone", "node", *[""] * 6])
    if act == "orders":
        orders(day)
    elif act == "page":
        with suppress(Refusal):
            open_web_call(number=f"09{dice.randrange(8)}7654321", address="::1", now=day.now)
    elif act == "switch":
        to = dice.choice(["callbot", "announcement"])
        switch_branch(user=people.supervisor, branch="2", to=to, minutes=1, now=day.now)
    elif act == "phone":
        Operator.objects.update(phone=dice.choice(["sip", "browser"]))
    elif act == "node":
        Ticket.objects.filter(state="with_bot").update(node=dice.choice([NODE, "elsewhere"]))


def orders(day: Day) -> None:
    """The oldest was done, new ones are given."""
    first = Order.objects.filter(done_at=None).order_by("pk").first()
    if first is not None:
        Order.objects.filter(pk=first.pk).update(done_at=day.now, result="ok")
    for offer in Offer.objects.exclude(state="ended"):
        Offer.objects.filter(pk=offer.pk).update(held=day.dice.random() < 0.5)
        verb, argument = day.dice.choice([(Verb.CONSULT, 'number:"11\n5'), (Verb.WARN, "")])
        Order.objects.create(offer=offer, verb=verb, argument=argument, given_at=day.now)


def come_back(day: Day) -> None:
    """Desks that were closed open again: there is always somebody to be offered to."""
    for user in day.users:
        desk_seen(user=user, now=day.now)
        with suppress(Refusal):
            sign_on(
                user=user, branches=["2"], phone=day.dice.choice(["sip", "browser"]), now=day.now
            )
        with suppress(Refusal):
            go_ready(user=user, now=day.now)


def comparable(news: QueueNews) -> QueueNews:
    seats = sorted(news.seats, key=lambda seat: seat.ticket)
    phones = sorted(news.phones, key=lambda phone: phone.extension)
    return QueueNews(
        tuple(replace(seat, offer_person=False) for seat in seats), tuple(phones), news.next_at
    )


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_look_says_what_the_rows_say(
    seed: int, city: City, people: People, now: datetime
) -> None:
    operators(people, now=now)
    day = Day(1000 + seed, people, now.replace(hour=3))
    seen: list[Seat] = []
    for _ in range(STEPS):
        day.act()
        come_back(day)
        mischief(day, people)
        news = run_queue(node=NODE, dials=True, now=day.now)
        assert comparable(news) == plain_level(city, node=NODE, now=day.now)
        seen.extend(news.seats)
    assert any(seat.offer for seat in seen)
    assert any(seat.wait_s for seat in seen)


def test_what_is_known_of_the_last_talks_is_true_for_seconds(
    city: City, people: People, now: datetime
) -> None:
    talks = Talks()
    assert talks.average(now) == {}
    operators(people, now=now)
    past = {"state": "ended", "ended_at": now}
    ticket = Ticket.objects.create(branch="2", entered_at=now, state_since=now, **past)
    began = now - timedelta(seconds=90)
    Offer.objects.create(
        ticket=ticket, operator_id=people.operator.pk, offered_at=began, ring_until=began,
        talking_since=began, **past,
    )  # fmt: skip
    assert talks.average(now + KNOWN_FOR / 2) == {}
    assert talks.average(now + KNOWN_FOR) == {"2": 90}
