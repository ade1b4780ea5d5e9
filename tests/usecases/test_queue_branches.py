"""Who answers a branch, and when: hours, duty, a supervisor's switch, levels of skill."""

from datetime import datetime, timedelta

import pytest

from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.exchange import Announced, Expect, Keys, ToCallbot, Wait
from hotline.domain.calls.models import CallBack
from hotline.domain.city.model import City
from hotline.domain.queue.models import BranchSwitch, Event, Kind, Offer, OfferState, Ticket
from hotline.domain.queue.rules import line_of
from hotline.domain.queue.seats import Seat
from hotline.domain.workforce import services as workforce
from hotline.domain.workforce.models import OperatorKind, Presence, PresenceState
from hotline.domain.workforce.services import ensure_operator
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.end_switch import end_switch
from hotline.usecases.go_ready import go_ready
from hotline.usecases.pause import pause
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_off import sign_off
from hotline.usecases.sign_on import sign_on
from hotline.usecases.switch_branch import switch_branch
from hotline.usecases.talk_over import talk_over
from tests.people import People
from tests.queueing import NODE, call, on_duty, take
from tests.stories import HARDSHIP

pytestmark = pytest.mark.django_db
VOLUNTEERS = "4"  # 08:00–22:00 in the city's file


def look(at: datetime) -> list[Seat]:
    return list(run_queue(node=NODE, dials=False, now=at).seats)


def ringing() -> int | None:
    """Whose phone rings."""
    offer = Offer.objects.filter(state=OfferState.RINGING).first()
    return offer.operator_id if offer is not None else None


def test_who_waits_when_the_line_closes_goes_to_the_callbot(
    city: City, people: People, now: datetime
) -> None:
    last_second = now.replace(hour=14, minute=59, second=59)  # 21:59:59 in Vietnam
    on_duty(people.operator, last_second, branches=[VOLUNTEERS])
    pause(user=people.operator, reason="break", now=last_second)
    on_duty(people.second_operator, last_second, branches=[VOLUNTEERS])
    call(last_second, number="0911111111", key=VOLUNTEERS)
    look(last_second)
    take(people.second_operator, last_second)
    waiting = call(last_second, number="0922222222", key=VOLUNTEERS)
    assert isinstance(waiting.turn.actions[-1], Wait)
    assert [seat.to_bot for seat in look(last_second) if seat.state == "waiting"] == [None]
    at = last_second + timedelta(seconds=1)
    (reason,) = [seat.to_bot for seat in look(at) if seat.state == "waiting"]
    assert reason == "closed"
    waiting.say(ToCallbot(reason))
    assert waiting.ask.expect is Expect.CONSENT
    late = call(at, number="0933333333", key=VOLUNTEERS)
    assert late.ask.expect is Expect.CONSENT
    assert Event.objects.filter(kind=Kind.TO_BOT, detail="closed").count() == 2


def test_when_the_last_operator_goes_nobody_waits_for_them(
    city: City, people: People, now: datetime
) -> None:
    user = on_duty(people.operator, now)
    talk = call(now, number="0911111111")
    pause(user=user, reason="meal", now=now)
    (seat,) = look(now)
    assert seat.to_bot == "nobody"
    talk.say(ToCallbot("nobody"))
    assert talk.ask.expect is Expect.CONSENT


def test_who_insists_on_a_person_is_called_back_once_nobody_is_there(
    city: City, people: People, now: datetime
) -> None:
    talk = call(now, number="0911111111")  # nobody: with the callbot
    user = on_duty(people.operator, now + timedelta(seconds=5))
    talk.say(Keys("*"))
    sign_off(user=user, now=now + timedelta(seconds=6))
    (seat,) = look(now + timedelta(seconds=6))
    assert seat.to_bot == "nobody"
    talk.say(ToCallbot("nobody"))
    assert talk.ended
    assert CallBack.objects.get().place_at == now


def test_a_switch_takes_along_who_waits_and_ends_by_itself(
    city: City, people: People, now: datetime
) -> None:
    on_duty(people.operator, now)
    talk = call(now, number="0911111111")
    switch_branch(user=people.supervisor, branch=HARDSHIP, to="callbot", minutes=1, now=now)
    (seat,) = look(now)
    assert (seat.to_bot, seat.offer) == ("switched", None)  # although somebody is idle
    talk.say(ToCallbot("switched"))
    (seat,) = look(now)
    assert not seat.offer_person  # nor is a person offered to them now
    assert call(now, number="0922222222").ask.expect is Expect.CONSENT
    at = now + timedelta(minutes=1)
    desk_seen(user=people.operator, now=at)
    assert {seat.offer_person for seat in look(at)} == {True, False}  # one operator, for one
    assert BranchSwitch.objects.get().ended_at == at
    call(at, number="0933333333")
    look(at)
    assert ringing() == people.operator.pk


def test_a_branch_switched_to_an_announcement_says_it_to_who_waits(
    city: City, people: People, now: datetime
) -> None:
    on_duty(people.operator, now)
    talk = call(now, number="0911111111")
    switch_branch(user=people.supervisor, branch=HARDSHIP, to="announcement", minutes=5, now=now)
    (seat,) = look(now)
    assert (seat.announce, seat.to_bot) == (True, None)
    talk.say(Announced())
    assert talk.ask.expect is Expect.ANNOUNCEMENT
    assert not Event.objects.filter(kind=Kind.TO_BOT).exists()  # nobody has answered them
    end_switch(user=people.supervisor, branch=HARDSHIP, now=now)
    end_switch(user=people.supervisor, branch=HARDSHIP, now=now)
    assert [event.detail for event in Event.objects.filter(kind=Kind.SWITCHED).order_by("pk")] == [
        "announcement",
        "people",
    ]


def test_only_a_supervisor_switches_and_only_what_people_answer(
    city: City, people: People, now: datetime
) -> None:
    def switch(**changed: object) -> str:
        wanted = {"branch": HARDSHIP, "to": "callbot", "minutes": 5, **changed}
        with pytest.raises(Refusal) as refusal:
            switch_branch(now=now, **{"user": people.supervisor, **wanted})  # type: ignore[arg-type]
        return refusal.value.code

    assert switch(user=people.operator) == "not_allowed"
    assert switch(branch="9") == "no_branch"
    assert switch(to="nowhere") == "no_branch"
    assert switch(minutes=0) == switch(minutes=24 * 60 + 1) == "wrong_time"
    assert not BranchSwitch.objects.exists()


def test_signing_on_needs_a_skill_and_a_phone(city: City, people: People, now: datetime) -> None:
    with pytest.raises(NotFound):
        sign_on(user=people.officer, branches=[HARDSHIP], phone="sip", now=now)
    user = on_duty(people.operator, now)
    for branches, phone, code in (
        (["3"], "sip", "no_skill"),
        ([], "sip", "no_skill"),
        ([HARDSHIP], "tin can", "unknown_phone"),
    ):
        with pytest.raises(Refusal) as refusal:
            sign_on(user=user, branches=branches, phone=phone, now=now)
        assert refusal.value.code == code


def test_during_a_call_nobody_goes_and_nobody_pauses(
    city: City, people: People, now: datetime
) -> None:
    user = on_duty(people.operator, now)
    call(now, number="0911111111")
    look(now)
    take(user, now)
    for act in (
        lambda: sign_off(user=user, now=now),
        lambda: pause(user=user, reason="meal", now=now),
        lambda: sign_on(user=user, branches=[HARDSHIP], phone="sip", now=now),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.code == "on_a_call"
    with pytest.raises(Refusal) as refusal:
        pause(user=user, reason="no_answer", now=now)  # only the system pauses so
    assert refusal.value.code == "unknown_reason"


def test_whom_a_call_is_offered_to_does_not_pause_any_more(
    city: City, people: People, now: datetime
) -> None:
    user = on_duty(people.operator, now)
    call(now, number="0911111111")
    look(now)
    # the page has read that they are ready, and the offer came in between
    assert not workforce.pause(operator=user.pk, reason="meal", now=now)
    assert Presence.objects.get(operator__user=user).state == PresenceState.OFFERED


def test_a_closed_desk_signs_off_but_not_during_a_call(
    city: City, people: People, now: datetime
) -> None:
    user = on_duty(people.operator, now)
    call(now, number="0911111111")
    look(now)
    offer = take(user, now)
    minutes_later = now + timedelta(minutes=5)
    look(minutes_later)
    assert Presence.objects.get(operator__user=user).state == PresenceState.BUSY
    talk_over(offer=offer, by="caller", now=minutes_later)
    look(minutes_later)
    assert Presence.objects.get(operator__user=user).state == PresenceState.OFF
    assert Event.objects.filter(kind=Kind.PRESENCE).latest("pk").detail == "silent"


def test_the_second_level_is_asked_only_once_the_wait_has_widened(
    city: City, people: People, now: datetime
) -> None:
    line = line_of(city, HARDSHIP)
    assert line is not None
    best = on_duty(people.operator, now)
    second = people.second_operator
    ensure_operator(
        user=second,
        kind=OperatorKind.OPERATOR,
        extension="second",
        skills={HARDSHIP: 2},
        now=now,
    )
    sign_on(user=second, branches=[HARDSHIP], phone="sip", now=now)
    go_ready(user=second, now=now)
    call(now, number="0911111111")
    look(now)
    take(best, now)
    call(now, number="0922222222")
    Ticket.objects.filter(state="waiting").update(overflow_at=None)  # they wait on
    almost = now + timedelta(seconds=line.widen_s - 1)
    desk_seen(user=second, now=almost)
    look(almost)
    assert ringing() is None
    look(now + timedelta(seconds=line.widen_s))
    assert ringing() == second.pk


def test_a_kind_of_operator_that_does_not_answer_the_branch_is_nobody(
    city: City, people: People, now: datetime
) -> None:
    on_duty(people.operator, now, kind=OperatorKind.VOLUNTEER)
    talk = call(now, number="0911111111")
    assert talk.ask.expect is Expect.CONSENT
    assert [seat.offer_person for seat in look(now)] == [False]


def test_those_who_wait_hear_their_place_and_how_long(
    city: City, people: People, now: datetime
) -> None:
    user = on_duty(people.operator, now)
    call(now, number="0911111111")
    look(now)
    offer = take(user, now)
    for number in ("0922222222", "0933333333"):
        call(now, number=number)
    places = {seat.position: seat.wait_s for seat in look(now) if seat.position}
    assert places == {1: 240, 2: 480}  # no talk of the branch was measured yet
    at = now + timedelta(seconds=20)
    talk_over(offer=offer, by="caller", now=at)
    places = {seat.position: seat.wait_s for seat in look(at) if seat.position}
    assert places == {1: 20, 2: 40}  # one operator, 20 seconds a talk
