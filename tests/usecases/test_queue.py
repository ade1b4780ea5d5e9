"""The queue through its use cases: who waits is offered, in order, and nobody is lost."""

from datetime import datetime, timedelta

import pytest

from hotline.dialogue.exchange import Expect, Keys, Left, Served, ToCallbot, Wait
from hotline.domain.accounts.models import User
from hotline.domain.calls.models import CallBack
from hotline.domain.city.model import City
from hotline.domain.queue.models import Event, Kind, Offer, OfferState, Ticket, TicketState
from hotline.domain.queue.rules import line_of
from hotline.domain.queue.seats import Seat
from hotline.domain.workforce.models import Presence, PresenceState
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.go_ready import go_ready
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.operator_failed import operator_failed
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_on import sign_on
from hotline.usecases.talk_began import talk_began
from hotline.usecases.talk_over import talk_over
from tests import stories
from tests.people import People
from tests.workforce import operators

pytestmark = pytest.mark.django_db
NODE = "test"


@pytest.fixture
def desk(city: City, people: People, now: datetime) -> People:
    """Two operators who may answer key 2; nobody has signed on yet."""
    operators(people, now=now)
    return people


def be_ready(desk: People, *, at: datetime, first: bool = True, second: bool = False) -> None:
    for user, wanted in ((desk.operator, first), (desk.second_operator, second)):
        if wanted:
            sign_on(user=user, branches=["2"], phone="sip", now=at)
            go_ready(user=user, now=at)


def wait_for_person(at: datetime, number: str = "0901234567") -> stories.Talk:
    talk = stories.ring(at, number=number)
    talk.say(Keys("2"))
    return talk


def look(at: datetime) -> dict[int, Seat]:
    return {seat.ticket: seat for seat in run_queue(node=NODE, dials=False, now=at).seats}


def only_seat(at: datetime) -> Seat:
    (seat,) = look(at).values()
    return seat


def presence(user: User) -> Presence:
    return Presence.objects.get(operator__user=user)


def test_with_nobody_on_duty_the_callbot_takes_the_caller_at_once(
    desk: People, now: datetime
) -> None:
    talk = wait_for_person(now)
    assert talk.ask.expect is Expect.CONSENT
    assert Ticket.objects.get().state == TicketState.WITH_BOT


def test_a_caller_is_offered_to_the_operator_who_has_been_idle_longest(
    desk: People, now: datetime
) -> None:
    be_ready(desk, at=now, first=False, second=True)
    be_ready(desk, at=now + timedelta(seconds=5))
    talk = wait_for_person(now + timedelta(seconds=9))
    assert isinstance(talk.turn.actions[-1], Wait)
    seat = only_seat(now + timedelta(seconds=10))
    assert seat.state == TicketState.OFFERED
    assert seat.offer is not None
    assert seat.offer.operator == desk.second_operator.pk
    assert presence(desk.second_operator).state == PresenceState.OFFERED
    assert presence(desk.operator).state == PresenceState.READY


def test_a_talk_from_ring_to_wrap_up(desk: People, now: datetime) -> None:
    be_ready(desk, at=now)
    talk = wait_for_person(now)
    offer = only_seat(now).offer
    assert offer is not None
    assert operator_answered(offer=offer.id, now=now + timedelta(seconds=3))
    assert talk_began(offer=offer.id, now=now + timedelta(seconds=4))
    assert presence(desk.operator).state == PresenceState.BUSY
    assert Ticket.objects.get().state == TicketState.TALKING
    talk_over(offer=offer.id, by="operator", now=now + timedelta(seconds=60))
    talk.say(Served())
    assert talk.ended
    assert not CallBack.objects.exists()
    assert presence(desk.operator).state == PresenceState.WRAP_UP
    desk_seen(user=desk.operator, now=now + timedelta(seconds=60))
    assert look(now + timedelta(seconds=61)) == {}
    desk_seen(user=desk.operator, now=now + timedelta(seconds=80))
    look(now + timedelta(seconds=91))  # the wrap-up of 30 s is over
    standing = presence(desk.operator)
    over = now + timedelta(seconds=90)
    assert (standing.state, standing.ready_since) == (PresenceState.READY, over)
    assert Event.objects.filter(kind=Kind.PRESENCE, detail="ready", at=over).count() == 1
    answered = Event.objects.get(kind=Kind.ANSWERED)
    assert answered.seconds == 4.0


def test_who_does_not_answer_is_paused_and_the_caller_keeps_the_place(
    desk: People, now: datetime
) -> None:
    be_ready(desk, at=now)
    wait_for_person(now)
    first = only_seat(now).offer
    assert first is not None
    be_ready(desk, at=now + timedelta(seconds=5), first=False, second=True)
    later = only_seat(now + timedelta(seconds=16))
    assert presence(desk.operator).reason == "no_answer"
    assert presence(desk.operator).state == PresenceState.PAUSED
    assert later.offer is not None
    assert later.offer.operator == desk.second_operator.pk
    assert Ticket.objects.get().entered_at == now
    assert not operator_answered(offer=first.id, now=now + timedelta(seconds=17))


def test_a_caller_who_hangs_up_while_it_rings_leaves_the_operator_as_they_were(
    desk: People, now: datetime
) -> None:
    be_ready(desk, at=now)
    talk = wait_for_person(now + timedelta(seconds=9))
    offer = only_seat(now + timedelta(seconds=9)).offer
    assert offer is not None
    talk.say(Left())
    assert Offer.objects.get().state == OfferState.ENDED
    standing = presence(desk.operator)
    assert (standing.state, standing.ready_since) == (PresenceState.READY, now)
    call_back = CallBack.objects.get()
    assert call_back.place_at == now + timedelta(seconds=9)
    assert not operator_answered(offer=offer.id, now=now + timedelta(seconds=10))


def test_the_clock_sends_who_waits_too_long_to_the_callbot(
    desk: People, now: datetime, city: City
) -> None:
    line = line_of(city, "2")
    assert line is not None
    be_ready(desk, at=now)
    wait_for_person(now, "0911111111")
    busy = only_seat(now).offer
    assert busy is not None
    operator_answered(offer=busy.id, now=now)
    talk_began(offer=busy.id, now=now)
    waiting = wait_for_person(now, "0922222222")
    assert all(
        seat.to_bot is None for seat in look(now + timedelta(seconds=line.wait_s - 1)).values()
    )
    due = [seat for seat in look(now + timedelta(seconds=line.wait_s)).values() if seat.to_bot]
    assert [seat.contact for seat in due] == [waiting.turn.contact]
    waiting.say(ToCallbot("busy"))
    assert waiting.ask.expect is Expect.CONSENT
    seat = next(seat for seat in look(now + timedelta(seconds=61)).values() if seat.offer is None)
    assert seat.state == TicketState.WITH_BOT


def test_who_asks_for_a_person_has_the_original_place_and_is_not_sent_away_again(
    desk: People, now: datetime
) -> None:
    talk = wait_for_person(now)  # nobody there: with the callbot
    be_ready(desk, at=now + timedelta(seconds=30))
    talk.now = now + timedelta(seconds=40)
    talk.say(Keys("*"))
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.entered_at) == (TicketState.WAITING, now)
    assert ticket.by_wish
    assert ticket.overflow_at is None


def test_a_person_is_offered_to_who_speaks_with_the_callbot_once_nobody_waits(
    desk: People, now: datetime
) -> None:
    talk = wait_for_person(now, "0911111111")
    be_ready(desk, at=now + timedelta(seconds=30))
    assert only_seat(now + timedelta(seconds=31)).offer_person
    other = wait_for_person(now + timedelta(seconds=32), "0922222222")
    seats = {seat.contact: seat for seat in look(now + timedelta(seconds=33)).values()}
    assert seats[other.turn.contact].offer is not None
    assert not seats[talk.turn.contact].offer_person


def test_a_lost_operator_gives_the_caller_back_in_their_place(desk: People, now: datetime) -> None:
    be_ready(desk, at=now)
    wait_for_person(now)
    offer = only_seat(now).offer
    assert offer is not None
    operator_answered(offer=offer.id, now=now)
    talk_began(offer=offer.id, now=now)
    talk_over(offer=offer.id, by="lost", now=now + timedelta(seconds=20))
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.entered_at) == (TicketState.WAITING, now)


def test_an_unreachable_phone_pauses_its_operator(desk: People, now: datetime) -> None:
    be_ready(desk, at=now)
    wait_for_person(now)
    offer = only_seat(now).offer
    assert offer is not None
    operator_failed(offer=offer.id, result="unreachable", now=now)
    assert presence(desk.operator).reason == "no_phone"
    assert Ticket.objects.get().state == TicketState.WAITING
