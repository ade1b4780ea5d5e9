"""Call-backs through the queue: the place is kept, an operator is reserved first, attempts are
counted, and nobody is rung who has rung by themselves."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hotline.core.errors import Refusal
from hotline.dialogue.exchange import Keys, Left
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.queue.models import Offer, Ticket, TicketKind
from hotline.domain.workforce.models import Presence, PresenceState
from hotline.usecases.call_back_failed import call_back_failed
from hotline.usecases.call_out import call_out, call_reporter
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.go_ready import go_ready
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_on import sign_on
from hotline.usecases.take_call_back import take_call_back
from hotline.usecases.talk_began import talk_began
from tests import stories
from tests.people import People
from tests.workforce import operators

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(city: City, people: People, now: datetime) -> People:
    operators(people, now=now)
    sign_on(user=people.operator, branches=["2"], phone="sip", now=now)
    return people


def left_the_queue(desk: People, now: datetime, number: str = "0901234567") -> CallBack:
    """Somebody who hung up while they waited."""
    go_ready(user=desk.operator, now=now)
    talk = stories.ring(now, number=number)
    talk.say(Keys("2"))
    talk.say(Left())
    return CallBack.objects.latest("pk")


def look(at: datetime, *, dials: bool = True) -> tuple[UUID, ...]:
    """The offers that stand."""
    seats = run_queue(node="test", dials=dials, now=at).seats
    return tuple(seat.offer.id for seat in seats if seat.offer is not None)


def noon(now: datetime) -> datetime:
    return now.replace(hour=5, minute=0)  # 12:00 in Vietnam


def test_who_hung_up_in_the_queue_is_rung_once_an_operator_is_reserved(
    desk: People, now: datetime
) -> None:
    at = noon(now)
    call_back = left_the_queue(desk, at)
    assert look(at, dials=False) == ()  # nobody can dial: it stays in the list
    (offer,) = look(at)
    assert Ticket.objects.get(kind=TicketKind.CALL_BACK).entered_at == at
    assert operator_answered(offer=offer, now=at)
    contact = take_call_back(offer=offer, channel="out-1", node="test", now=at)
    assert contact is not None
    assert take_call_back(offer=offer, channel="out-1", node="test", now=at) == contact
    assert talk_began(offer=offer, now=at)
    assert Presence.objects.get(operator__user=desk.operator).state == PresenceState.BUSY
    assert Ticket.objects.get(call_back=call_back).contact_id == contact


def test_nobody_is_rung_at_night(desk: People, now: datetime) -> None:
    at = noon(now)
    left_the_queue(desk, at)
    night = at.replace(hour=16)  # 23:00 in Vietnam
    desk_seen(user=desk.operator, now=night)
    assert look(night) == ()


def test_attempts_are_limited_and_apart(desk: People, now: datetime, city: City) -> None:
    at = noon(now)
    call_back = left_the_queue(desk, at)
    rules = city.call_backs
    for attempt in range(1, rules.attempts + 1):
        desk_seen(user=desk.operator, now=at)
        (offer,) = look(at)
        operator_answered(offer=offer, now=at)
        call_back_failed(offer=offer, result="no_answer", now=at)
        call_back.refresh_from_db()
        assert call_back.attempts == attempt
        go_ready(user=desk.operator, now=at)
        assert look(at + timedelta(seconds=1)) == ()
        at += timedelta(minutes=rules.every_minutes)
    assert call_back.result == "unreachable"
    assert look(at) == ()


def test_callers_and_call_backs_stand_in_one_order(desk: People, now: datetime) -> None:
    at = noon(now)
    left_the_queue(desk, at, "0901234567")
    stories.ring(at + timedelta(seconds=9), number="0922222222").say(Keys("2"))
    look(at + timedelta(seconds=10))
    assert Offer.objects.exclude(state="ended").get().ticket.kind == TicketKind.CALL_BACK


def test_who_calls_again_has_the_place_of_the_call_back_and_is_not_rung_too(
    desk: People, now: datetime
) -> None:
    at = noon(now)
    left_the_queue(desk, at)
    stories.ring(at + timedelta(minutes=5)).say(Keys("2"))
    ticket = Ticket.objects.get(kind=TicketKind.CALL, ended_at=None)
    assert ticket.entered_at == at
    desk_seen(user=desk.operator, now=at + timedelta(minutes=5))
    look(at + timedelta(minutes=5))
    assert not Ticket.objects.filter(kind=TicketKind.CALL_BACK).exists()


def test_an_operator_rings_somebody_now(desk: People, now: datetime) -> None:
    at = noon(now)
    call_back = left_the_queue(desk, at)
    offer = call_out(user=desk.operator, call_back=call_back.pk, now=at)
    assert offer.ticket.call_back == call_back
    with pytest.raises(Refusal):
        call_out(user=desk.operator, call_back=call_back.pk, now=at)


def test_an_operator_rings_whoever_reported_a_case(desk: People, now: datetime) -> None:
    at = noon(now)
    case = stories.voice_report(at)
    offer = call_reporter(user=desk.operator, case=case.code, now=at)
    wanted = offer.ticket.call_back
    assert wanted is not None
    assert (wanted.case, wanted.reason) == (case, "call_out")
    assert operator_answered(offer=offer.pk, now=at)
    call_back_failed(offer=offer.pk, result="no_answer", now=at)
    wanted.refresh_from_db()
    assert (wanted.closed_at, wanted.attempts) == (None, 1)  # and will be tried again


def test_who_gave_no_number_cannot_be_rung(desk: People, now: datetime) -> None:
    talk = stories.choose(stories.ring(now, number=None))
    stories.answer_by_voice(talk, until="details").say(Left())
    case = Case.objects.get()
    with pytest.raises(Refusal) as refusal:
        call_reporter(user=desk.operator, case=case.code, now=now)
    assert refusal.value.code == "no_number"
    assert not CallBack.objects.exists()
