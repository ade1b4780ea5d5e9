"""Two at the same moment in the queue, on real connections."""

from datetime import datetime

import pytest

from hotline.core.errors import Refusal
from hotline.dialogue.exchange import Keys, Left
from hotline.domain.calls.models import CallBack
from hotline.domain.city.model import City
from hotline.domain.queue.models import Offer, OfferState, Ticket, TicketState
from hotline.domain.workforce.models import Presence, PresenceState
from hotline.usecases.call_out import call_out
from hotline.usecases.go_ready import go_ready
from hotline.usecases.hear import hear
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_off import sign_off
from hotline.usecases.sign_on import sign_on
from hotline.usecases.take_call_back import take_call_back
from hotline.usecases.talk_began import talk_began
from tests import stories
from tests.people import People
from tests.usecases.test_at_once import together
from tests.workforce import operators

pytestmark = pytest.mark.django_db(transaction=True)
NODE = "test"


@pytest.fixture
def desk(city: City, people: People, now: datetime) -> People:
    operators(people, now=now)
    for user in (people.operator, people.second_operator):
        sign_on(user=user, branches=["2"], phone="sip", now=now)
        go_ready(user=user, now=now)
    return people


def look(now: datetime) -> None:
    run_queue(node=NODE, dials=False, now=now)


def wait(now: datetime, number: str) -> stories.Talk:
    talk = stories.ring(now, number=number)
    talk.say(Keys("2"))
    return talk


def fail_on_errors(results: list[object]) -> None:
    assert not [one for one in results if isinstance(one, Exception)], results


def test_many_looks_at_once_offer_nobody_twice(desk: People, now: datetime) -> None:
    for number in ("0911111111", "0922222222", "0933333333"):
        wait(now, number)
    fail_on_errors(list(together(*(lambda: look(now) for _ in range(6)))))
    look(now)  # what one left to the other
    live = Offer.objects.exclude(state=OfferState.ENDED)
    assert live.count() == 2
    assert len({offer.operator_id for offer in live}) == 2
    assert len({offer.ticket_id for offer in live}) == 2
    first = Ticket.objects.filter(state=TicketState.OFFERED).order_by("entered_at")
    assert first.count() == 2


def test_the_caller_hangs_up_in_the_moment_that_the_operator_answers(
    desk: People, now: datetime
) -> None:
    for attempt in range(5):
        talk = wait(now, f"091111111{attempt}")
        look(now)
        offer = Offer.objects.exclude(state=OfferState.ENDED).get()
        fail_on_errors(
            list(
                together(
                    lambda talk=talk: hear(  # type: ignore[misc]
                        contact=talk.turn.contact, step=talk.turn.step, event=Left(), now=now
                    ),
                    lambda offer=offer: operator_answered(offer=offer.pk, now=now),  # type: ignore[misc]
                )
            )
        )
        assert not talk_began(offer=offer.pk, now=now)
        offer.refresh_from_db()
        assert offer.state == OfferState.ENDED
    assert CallBack.objects.count() == 5
    assert set(Presence.objects.values_list("state", flat=True)) == {PresenceState.READY}


def test_who_signs_off_while_they_are_offered_a_call_is_either_rung_or_gone(
    desk: People, now: datetime
) -> None:
    wait(now, "0911111111")
    together(
        lambda: look(now),
        lambda: sign_off(user=desk.operator, now=now),
        lambda: sign_off(user=desk.second_operator, now=now),
    )
    offered = set(
        Offer.objects.exclude(state=OfferState.ENDED).values_list("operator_id", flat=True)
    )
    for presence in Presence.objects.all():
        assert (presence.state == PresenceState.OFFERED) == (presence.operator_id in offered)


def test_a_person_who_was_rung_is_taken_once(desk: People, now: datetime) -> None:
    wait(now, "0911111111").say(Left())
    (seat,) = run_queue(node=NODE, dials=True, now=now).seats
    offer = seat.offer
    assert offer is not None
    operator_answered(offer=offer.id, now=now)
    contacts = together(
        *(
            lambda: take_call_back(offer=offer.id, channel="out-1", node=NODE, now=now)
            for _ in range(4)
        )
    )
    fail_on_errors(list(contacts))
    assert len(set(contacts)) == 1
    assert Ticket.objects.get(kind="call_back").contact_id == contacts[0]


def test_a_call_back_is_made_by_a_look_or_called_out_but_not_both(
    desk: People, now: datetime
) -> None:
    wait(now, "0911111111").say(Left())
    call_back = CallBack.objects.get().pk
    results = together(
        lambda: run_queue(node=NODE, dials=True, now=now),
        lambda: call_out(user=desk.operator, call_back=call_back, now=now),
        lambda: call_out(user=desk.second_operator, call_back=call_back, now=now),
    )
    assert all(isinstance(one, Refusal) for one in results if isinstance(one, Exception)), results
    assert Offer.objects.exclude(state=OfferState.ENDED).count() == 1
