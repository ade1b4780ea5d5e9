"""Third parties, orders and call-backs on the line: nobody is dropped, nobody stays for ever."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hotline.core.errors import Refusal
from hotline.dialogue.exchange import Keys, Left, Served
from hotline.domain.accounts.models import User
from hotline.domain.calls.models import CallBack
from hotline.domain.city.model import City
from hotline.domain.queue.models import (
    Event,
    Kind,
    Leg,
    LegPurpose,
    LegState,
    Offer,
    OfferState,
    Order,
    Ticket,
    TicketKind,
    TicketState,
)
from hotline.domain.queue.seats import Seat
from hotline.domain.workforce.models import Operator, Presence, PresenceState
from hotline.usecases.call_back_failed import call_back_failed
from hotline.usecases.call_out import call_out
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.give_order import give_order
from hotline.usecases.leg_over import leg_over
from hotline.usecases.leg_up import leg_up
from hotline.usecases.open_leg import open_leg
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.order_done import order_done
from hotline.usecases.resume_call import resume_call
from hotline.usecases.run_queue import run_queue
from hotline.usecases.take_call_back import take_call_back
from hotline.usecases.talk_began import talk_began
from hotline.usecases.talk_over import talk_over
from hotline.usecases.transferred import transferred
from hotline.usecases.turn import Turn
from tests import stories
from tests.people import People
from tests.queueing import NODE, call, on_duty, take

pytestmark = pytest.mark.django_db
CALLER = "0901234567"
OUTSIDE = "9990115"


def seats(at: datetime, *, node: str = NODE, dials: bool = True) -> list[Seat]:
    return list(run_queue(node=node, dials=dials, now=at).seats)


def presence(user: User) -> str:
    return Presence.objects.get(operator__user=user).state


@pytest.fixture
def user(city: City, people: People, now: datetime) -> User:
    return on_duty(people.operator, now)


@pytest.fixture
def talk(user: User, now: datetime) -> stories.Talk:
    return call(now, number=CALLER)


@pytest.fixture
def offer(user: User, talk: stories.Talk, now: datetime) -> UUID:
    """They talk."""
    seats(now)
    return take(user, now)


def leg(offer: UUID | None, purpose: LegPurpose, at: datetime) -> UUID:
    ticket = Ticket.objects.get(kind=TicketKind.CALL).pk
    opened = open_leg(ticket=ticket, offer=offer, purpose=purpose, number=OUTSIDE, now=at)
    again = open_leg(ticket=ticket, offer=offer, purpose=purpose, number=OUTSIDE, now=at)
    assert again.pk == opened.pk
    return opened.pk


def test_a_colleague_who_is_asked_is_rung_for_nobody_else_meanwhile(
    user: User, offer: UUID, people: People, now: datetime
) -> None:
    colleague = on_duty(people.second_operator, now)
    extension = Operator.objects.get(user=colleague).extension
    ticket = Ticket.objects.get().pk
    asked = open_leg(
        ticket=ticket, offer=offer, purpose=LegPurpose.CONSULT, extension=extension, now=now
    ).pk
    call(now, number="0911111111")
    assert [seat.offer is None for seat in seats(now)] == [False, True]
    leg_up(leg=asked, now=now)
    assert transferred(offer=offer, now=now)  # and now the caller is theirs
    (waiting,) = [seat for seat in seats(now) if seat.state == TicketState.WAITING]
    assert waiting.offer is None
    leg_over(leg=asked, result="answered", now=now)
    seats(now)
    assert presence(colleague) == PresenceState.OFFERED


def test_a_third_party_that_is_busy_changes_nothing_of_the_talk(
    user: User, offer: UUID, now: datetime
) -> None:
    asked = leg(offer, LegPurpose.CONSULT, now)
    assert leg_over(leg=asked, result="busy", now=now)
    assert not leg_over(leg=asked, result="busy", now=now)
    assert Ticket.objects.get().state == TicketState.TALKING
    (seat,) = seats(now)
    assert seat.leg is None
    assert seat.offer is not None


def test_after_an_attended_transfer_the_operator_wraps_up_and_the_others_talk(
    user: User, offer: UUID, now: datetime
) -> None:
    asked = leg(offer, LegPurpose.CONSULT, now)
    assert leg_up(leg=asked, now=now)
    assert transferred(offer=offer, now=now)
    assert not transferred(offer=offer, now=now)
    assert presence(user) == PresenceState.WRAP_UP
    (seat,) = seats(now)
    assert (seat.state, seat.offer) == (TicketState.OUTSIDE, None)
    assert seat.leg is not None
    assert seat.leg.state == LegState.UP
    leg_over(leg=asked, result="answered", now=now)
    (seat,) = seats(now)
    assert (seat.state, seat.leg) == (TicketState.OUTSIDE, None)  # they spoke: it is over


@pytest.mark.parametrize("said", ["busy", "no_answer", "failed"])
def test_who_was_sent_out_alone_and_found_nobody_waits_at_the_place_of_before(
    said: str, user: User, offer: UUID, talk: stories.Talk, now: datetime
) -> None:
    at = now + timedelta(minutes=4)
    desk_seen(user=user, now=at)
    out = leg(None, LegPurpose.BLIND, at)
    assert transferred(offer=offer, now=at)
    (seat,) = seats(at)
    assert seat.leg is not None
    assert seat.leg.state == LegState.DIALLING  # it goes on without the operator
    leg_over(leg=out, result=said, now=at)
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.entered_at) == (TicketState.WAITING, now)
    assert ticket.overflow_at is None  # who was with a person is not sent to the callbot
    assert Event.objects.get(kind=Kind.BACK_FROM_OUTSIDE).detail == said
    later = call(at, number="0911111111")
    desk_seen(user=user, now=at + timedelta(seconds=31))
    run_queue(node=NODE, dials=False, now=at + timedelta(seconds=31))  # the wrap-up is over
    offered = Offer.objects.get(state=OfferState.RINGING)
    assert offered.ticket.contact_id == talk.turn.contact
    assert offered.ticket.contact_id != later.turn.contact


def test_an_outside_line_that_nobody_reports_on_is_given_up_in_time(
    offer: UUID, now: datetime
) -> None:
    leg(None, LegPurpose.BLIND, now)
    transferred(offer=offer, now=now)
    seats(now + timedelta(seconds=29))
    assert Ticket.objects.get().state == TicketState.OUTSIDE
    seats(now + timedelta(seconds=30))
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.entered_at) == (TicketState.OFFERED, now)  # wrapped up by now
    assert Leg.objects.get().result == "no_answer"


def test_orders_are_done_once_and_only_in_the_call_that_they_were_given_in(
    user: User, talk: stories.Talk, offer: UUID, now: datetime
) -> None:
    order = give_order(user=user, verb="hold", now=now)
    (seat,) = seats(now)
    assert [one.id for one in seat.orders] == [order.pk]
    assert order_done(order=order.pk, result="done", now=now)
    assert not order_done(order=order.pk, result="failed", now=now)
    (seat,) = seats(now)
    assert seat.offer is not None
    assert (seat.orders, seat.offer.held) == ((), True)
    give_order(user=user, verb="resume", now=now)
    talk_over(offer=offer, by="lost", now=now)
    (seat,) = seats(now)
    assert (seat.state, seat.orders) == (TicketState.WAITING, ())
    seats(now + timedelta(seconds=11))
    assert Order.objects.get(verb="resume").result == "not_now"


@pytest.mark.parametrize(
    ("verb", "argument", "code"),
    [
        ("dance", "", "unknown_order"),
        ("blind", "", "no_target"),
        ("blind", "number:12ab", "no_target"),
        ("consult", "operator:nobody", "no_target"),
        ("tell_number", "operator:op101", "no_target"),
    ],
)
def test_orders_that_make_no_sense_are_refused(
    verb: str, argument: str, code: str, user: User, offer: UUID, now: datetime
) -> None:
    with pytest.raises(Refusal) as refusal:
        give_order(user=user, verb=verb, argument=argument, now=now)
    assert refusal.value.code == code


def test_who_has_no_call_orders_nothing(user: User, now: datetime) -> None:
    with pytest.raises(Refusal) as refusal:
        give_order(user=user, verb="hold", now=now)
    assert refusal.value.code == "no_call"


def test_an_operator_whose_caller_left_unsaid_is_free_again(
    user: User, talk: stories.Talk, offer: UUID, now: datetime
) -> None:
    talk.say(Left())  # and the switchboard dies before it reports the talk's end
    assert presence(user) == PresenceState.BUSY
    seats(now)
    assert presence(user) == PresenceState.WRAP_UP
    assert Offer.objects.get().state == OfferState.ENDED


# --- call-backs -------------------------------------------------------------------


@pytest.fixture
def rung(user: User, now: datetime) -> UUID:
    """The operator is on the line, the person who had left the queue is being dialled."""
    call(now, number=CALLER).say(Left())
    (seat,) = seats(now)
    assert seat.offer is not None
    assert (seat.kind, seat.contact) == (TicketKind.CALL_BACK, None)
    assert operator_answered(offer=seat.offer.id, now=now)
    open_leg(ticket=seat.ticket, offer=seat.offer.id, purpose=LegPurpose.CALL_BACK, now=now)
    return seat.offer.id


def reach(offer: UUID, now: datetime) -> UUID:
    contact = take_call_back(offer=offer, channel="out-1", node=NODE, now=now)
    assert contact is not None
    leg_up(leg=Leg.objects.get().pk, now=now)
    assert talk_began(offer=offer, now=now)
    return contact


def test_who_was_rung_and_spoke_is_not_rung_again(user: User, rung: UUID, now: datetime) -> None:
    contact = reach(rung, now)
    (seat,) = seats(now)
    assert (seat.contact, seat.state) == (contact, TicketState.TALKING)
    talk_over(offer=rung, by="caller", now=now)
    done = CallBack.objects.get()
    assert (done.result, done.closed_by, done.attempts) == ("reached", user, 1)
    assert seats(now + timedelta(seconds=1)) == []
    assert presence(user) == PresenceState.WRAP_UP


def test_who_was_rung_and_lost_waits_on_the_line_and_is_not_rung_too(
    user: User, rung: UUID, now: datetime
) -> None:
    contact = reach(rung, now)
    talk_over(offer=rung, by="lost", now=now)
    assert CallBack.objects.get().closed_at is None
    at = now + timedelta(seconds=31)
    desk_seen(user=user, now=at)
    (seat,) = seats(at)
    assert seat.contact == contact
    assert seat.offer is not None  # offered again, to whoever wrapped up


def test_a_call_back_that_nobody_reports_on_counts_as_an_attempt(
    user: User, rung: UUID, now: datetime
) -> None:
    at = now + timedelta(seconds=30)
    desk_seen(user=user, now=at)
    assert seats(at) == []
    tried = CallBack.objects.get()
    assert (tried.attempts, tried.last_result) == (1, "no_answer")
    assert tried.next_at is not None
    assert presence(user) == PresenceState.WRAP_UP
    assert take_call_back(offer=rung, channel="out-1", node=NODE, now=at) is None
    call_back_failed(offer=rung, result="busy", now=at)
    tried.refresh_from_db()
    assert tried.attempts == 1


def test_one_switchboard_alone_makes_a_call_back(user: User, rung: UUID, now: datetime) -> None:
    assert [seat.kind for seat in seats(now)] == [TicketKind.CALL_BACK]
    assert seats(now, node="other") == []


def test_a_call_out_is_made_by_the_switchboard_that_sees_it_first(
    user: User, now: datetime
) -> None:
    call(now, number=CALLER).say(Left())
    call_out(user=user, call_back=CallBack.objects.get().pk, now=now)
    (seat,) = seats(now, node="other")
    assert seat.offer is not None
    assert seats(now) == []


def test_who_leaves_while_a_call_out_connects_leaves_a_ready_operator(
    city: City, people: People, now: datetime
) -> None:
    user = on_duty(people.operator, now, ready=False)
    on_duty(people.second_operator, now)
    call(now, number=CALLER).say(Left())
    offer = call_out(user=user, call_back=CallBack.objects.get().pk, now=now)  # out of a pause
    operator_answered(offer=offer.pk, now=now)
    contact = take_call_back(offer=offer.pk, channel="out-1", node=NODE, now=now)
    assert contact is not None
    stories.Talk(_turn(contact, now), now).say(Left())
    assert presence(user) == PresenceState.READY
    waiting = call(now, number="0911111111")
    seats(now, dials=False)  # both can be ordered by how long they were idle
    assert Offer.objects.get(state=OfferState.RINGING).ticket.contact_id == waiting.turn.contact


def test_the_dialogue_of_somebody_rung_ends_with_the_talk(rung: UUID, now: datetime) -> None:
    contact = reach(rung, now)
    talk_over(offer=rung, by="operator", now=now)
    talk = stories.Talk(_turn(contact, now), now)
    talk.say(Served())
    assert talk.ended
    assert CallBack.objects.count() == 1  # and no second one


def test_who_rings_in_while_their_call_back_is_made_keeps_their_own_line(
    rung: UUID, now: datetime
) -> None:
    talk = call(now, number=CALLER)
    assert Ticket.objects.filter(contact=talk.turn.contact, entered_at=now).exists()
    call_back_failed(offer=rung, result="busy", now=now)
    assert [seat.contact for seat in seats(now)] == [talk.turn.contact]
    talk.say(Keys("1"))
    assert CallBack.objects.filter(closed_at=None).count() == 1


def _turn(contact: UUID, now: datetime) -> Turn:

    return resume_call(contact=contact, now=now)
