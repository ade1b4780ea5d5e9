"""A talk that goes the quick way leaves the same rows as one that goes the plain way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import models, transaction

from hotline.dialogue.exchange import Keys, Left, Served
from hotline.dialogue.state import Outcome
from hotline.domain.calls.models import Call, CallBack
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.domain.queue import quick as quick_reports
from hotline.domain.queue.models import Event, LegPurpose, Offer, Ticket, TicketState
from hotline.domain.workforce.models import Presence
from hotline.usecases import quick_call
from hotline.usecases.go_ready import go_ready
from hotline.usecases.hear import hear
from hotline.usecases.leg_over import leg_over
from hotline.usecases.leg_up import leg_up
from hotline.usecases.open_leg import open_leg
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.quick_call import QuickCalls
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_on import sign_on
from hotline.usecases.take_call import take_call
from hotline.usecases.talk_began import talk_began
from hotline.usecases.talk_over import talk_over
from hotline.usecases.turn import Turn
from tests import stories
from tests.people import CITIZEN, People
from tests.workforce import operators

pytestmark = pytest.mark.django_db
Hear = Callable[..., Turn]


@pytest.fixture
def desk(city: City, people: People, now: datetime) -> People:
    operators(people, now=now)
    sign_on(user=people.operator, branches=[stories.HARDSHIP], phone="sip", now=now)
    go_ready(user=people.operator, now=now)
    return people


def ring(take: Hear, listen: Hear, channel: str, now: datetime) -> Turn:
    turn = take(channel=channel, node="test", number=CITIZEN, now=now)
    return listen(contact=turn.contact, step=turn.step, event=Keys(stories.HARDSHIP), now=now)


def talk(take: Hear, listen: Hear, now: datetime, *, by: str) -> Turn:
    """Somebody who hung up while they waited rings again, and speaks with an operator."""
    turn = ring(take, listen, "first", now)
    listen(contact=turn.contact, step=turn.step, event=Left(), now=now)
    now += timedelta(seconds=7)
    turn = ring(take, listen, "again", now)
    offer = speaks(now)
    now += timedelta(seconds=50)
    talk_over(offer=offer, by=by, now=now)
    return listen(contact=turn.contact, step=turn.step, event=Served(), now=now)


def speaks(now: datetime) -> UUID:
    run_queue(node="test", dials=False, now=now)
    offer = Offer.objects.get()
    assert operator_answered(offer=offer.pk, now=now + timedelta(seconds=3))
    assert talk_began(offer=offer.pk, now=now + timedelta(seconds=4))
    return offer.pk


ORDER: dict[type[models.Model], str] = {
    Contact: "started_at",
    Call: "answered_at",
    CallBack: "pk",
    Ticket: "pk",
    Offer: "offered_at",
    Event: "pk",
    Presence: "pk",
}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Everything that the story leaves, without ids, channels and sealed bytes."""
    return {kind.__name__: [_plain(row) for row in _all(kind)] for kind in ORDER}


def _all(kind: type[models.Model]) -> models.QuerySet[models.Model]:
    return kind._default_manager.order_by(ORDER[kind])


def _plain(row: models.Model) -> dict[str, Any]:
    unlike = {field.attname for field in row._meta.concrete_fields if field.is_relation}
    unlike |= {"_state", "id", "channel"} | ({"state"} if isinstance(row, Contact) else set())
    return {key: value for key, value in vars(row).items() if key not in unlike}


@pytest.mark.parametrize("by", ["caller", "operator"])
def test_both_ways_leave_the_same_rows(desk: People, now: datetime, by: str) -> None:
    with transaction.atomic(), mock.patch.object(quick_reports, "talk_over", return_value=False):
        over = talk(take_call, hear, now, by=by)
        plain = rows()
        transaction.set_rollback(True)
    quick = QuickCalls()
    with (
        mock.patch.object(quick_call, "hear", wraps=hear) as plainly,
        mock.patch("hotline.domain.queue.offers.over") as offers_over,
    ):
        quickly = talk(quick.take, quick.hear, now, by=by)
    assert rows() == plain
    assert over.state.outcome is quickly.state.outcome is Outcome.SERVED
    assert over.actions == quickly.actions
    assert plainly.call_count == 1, "only who hangs up while waiting goes the plain way"
    assert not offers_over.called
    assert [row["result"] for row in plain["CallBack"]] == ["called_in"]


def test_a_talk_with_a_third_party_ends_the_plain_way(desk: People, now: datetime) -> None:
    ring(take_call, hear, "one", now)
    offer = speaks(now)
    ticket = Ticket.objects.get()
    leg = open_leg(ticket=ticket.pk, offer=offer, purpose=LegPurpose.CONSULT, number="115", now=now)
    leg_up(leg=leg.pk, now=now)
    talk_over(offer=offer, by="operator", now=now)
    leg.refresh_from_db()
    assert (leg.state, leg.result) == ("ended", "call_over")
    assert Ticket.objects.get().state == TicketState.ENDED
    leg_over(leg=leg.pk, result="answered", now=now)


def test_a_talk_that_is_over_stays_as_it_is(desk: People, now: datetime) -> None:
    ring(take_call, hear, "one", now)
    offer = speaks(now)
    talk_over(offer=offer, by="caller", now=now)
    before = rows()
    talk_over(offer=offer, by="operator", now=now + timedelta(seconds=9))
    assert rows() == before


def test_who_still_has_a_place_goes_the_plain_way(desk: People, now: datetime) -> None:
    quick = QuickCalls()
    turn = ring(quick.take, quick.hear, "one", now)
    offer = speaks(now)
    talk_over(offer=offer, by="lost", now=now)  # the caller waits again
    with mock.patch.object(quick_call, "hear", wraps=hear) as plainly:
        quick.hear(contact=turn.contact, step=turn.step, event=Served(), now=now)
    assert plainly.call_count == 1
    assert Ticket.objects.get().outcome == "answered"
