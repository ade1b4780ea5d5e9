"""A crowd in the queue: two switchboards, callers and operators at once on real connections.
Nobody waits for each other in a circle, nobody is offered twice, nobody is stuck."""

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from hotline.core.errors import Refusal
from hotline.dialogue.exchange import Keys, Left, Served, ToCallbot
from hotline.domain.accounts.models import Role, User
from hotline.domain.calls.models import CallBack
from hotline.domain.city.model import City
from hotline.domain.queue.models import LegPurpose, Offer, OfferState, Ticket
from hotline.domain.queue.seats import OfferNow, Seat
from hotline.domain.workforce.models import Presence, PresenceState
from hotline.usecases.call_back_failed import call_back_failed
from hotline.usecases.call_out import call_out
from hotline.usecases.go_ready import go_ready
from hotline.usecases.leg_over import leg_over
from hotline.usecases.leg_up import leg_up
from hotline.usecases.open_leg import open_leg
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.operator_failed import operator_failed
from hotline.usecases.pause import pause
from hotline.usecases.run_queue import run_queue
from hotline.usecases.take_call_back import take_call_back
from hotline.usecases.talk_began import talk_began
from hotline.usecases.talk_over import talk_over
from hotline.usecases.transferred import transferred
from tests.queueing import NODE, call, on_duty

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
LASTS_S, FASTER = 30.0, 10


class Crowd:
    """Each role runs in threads of its own; what any of them raised stands in ``errors``."""

    def __init__(self, users: list[User]) -> None:
        self.users = users
        self.errors: list[Exception] = []
        self._began = time.monotonic()

    @property
    def now(self) -> datetime:
        passed = timedelta(seconds=FASTER * (time.monotonic() - self._began))
        return datetime(2021, 7, 23, 4, tzinfo=UTC) + passed

    def run(self, role: Callable[[random.Random], None], seed: int) -> None:
        dice = random.Random(seed)
        while time.monotonic() - self._began < LASTS_S:
            try:
                role(dice)
            except Refusal:
                continue
            except Exception as error:
                self.errors.append(error)
        connection.close()

    def switchboard(self, dice: random.Random) -> None:
        for seat in run_queue(node=NODE, dials=True, now=self.now).seats:
            if seat.offer is not None:
                self._with_operator(seat, seat.offer, dice)
            elif seat.leg is not None and dice.random() < 0.5:
                leg_over(leg=seat.leg.id, result="busy", now=self.now)

    def _with_operator(self, seat: Seat, offer: OfferNow, dice: random.Random) -> None:
        chance, now = dice.random(), self.now
        if offer.state == OfferState.RINGING and chance < 0.5:
            operator_answered(offer=offer.id, now=now)
        elif offer.state == OfferState.RINGING and chance < 0.6:
            operator_failed(offer=offer.id, result="busy", now=now)
        elif offer.state == OfferState.ANSWERED and seat.contact is None:
            self._ring_person(seat, offer, chance)
        elif offer.state == OfferState.ANSWERED:
            talk_began(offer=offer.id, now=now)
        elif offer.state == OfferState.TALKING and chance < 0.3:
            talk_over(offer=offer.id, by=dice.choice(["caller", "operator", "lost"]), now=now)
        elif offer.state == OfferState.TALKING:
            self._third_party(seat, offer, chance)

    def _ring_person(self, seat: Seat, offer: OfferNow, chance: float) -> None:
        if seat.leg is None:
            open_leg(ticket=seat.ticket, offer=offer.id, purpose=LegPurpose.CALL_BACK, now=self.now)
        elif chance < 0.5:
            leg_over(leg=seat.leg.id, result="busy", now=self.now)
            call_back_failed(offer=offer.id, result="busy", now=self.now)
        else:
            take_call_back(offer=offer.id, channel=f"out-{offer.id}", node=NODE, now=self.now)

    def _third_party(self, seat: Seat, offer: OfferNow, chance: float) -> None:
        if seat.leg is None:
            blind = chance < 0.5
            purpose = LegPurpose.BLIND if blind else LegPurpose.CONSULT
            own = None if blind else offer.id
            open_leg(ticket=seat.ticket, offer=own, purpose=purpose, number="9990115", now=self.now)
            if blind:
                transferred(offer=offer.id, now=self.now)
        elif chance < 0.6:
            leg_up(leg=seat.leg.id, now=self.now)
        elif chance < 0.8:
            leg_over(leg=seat.leg.id, result="busy", now=self.now)
        elif seat.leg.state == "up":
            transferred(offer=offer.id, now=self.now)

    def caller(self, dice: random.Random) -> None:
        talk = call(self.now, number=f"09{dice.randrange(20):02}123456")
        for _ in range(dice.randrange(1, 8)):
            time.sleep(0.2 * dice.random())
            talk.now = self.now
            ticket = Ticket.objects.get(contact=talk.turn.contact)
            if ticket.state == "ended" or (ticket.state == "outside" and dice.random() < 0.3):
                talk.say(Served())
                break
            if ticket.state == "waiting" and ticket.overflow_at and ticket.overflow_at < talk.now:
                talk.say(ToCallbot("busy"))
            elif dice.random() < 0.1:
                talk.say(Keys(dice.choice("12*")))
        talk.now = self.now
        talk.say(Left())

    def operator(self, dice: random.Random) -> None:
        user = dice.choice(self.users)
        time.sleep(0.03)
        match dice.randrange(10):
            case 0:
                pause(user=user, reason="break", now=self.now)
            case 1:
                on_duty(user, self.now)
            case 2 if waits := CallBack.objects.filter(closed_at=None).first():
                call_out(user=user, call_back=waits.pk, now=self.now)
            case _:
                go_ready(user=user, now=self.now)


def test_a_crowd_at_once_breaks_nothing(city: City) -> None:
    users = [User.objects.create_user(username=f"op{n}", password="op 1022") for n in range(5)]
    for user in users:
        user.role = Role.OPERATOR
        user.save(update_fields=["role"])
    crowd = Crowd(users)
    for user in users:
        on_duty(user, crowd.now)
    roles = [crowd.switchboard] * 3 + [crowd.caller] * 4 + [crowd.operator] * 2
    threads = [
        threading.Thread(target=crowd.run, args=one) for one in zip(roles, range(9), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert crowd.errors == []
    assert Offer.objects.filter(talking_since__isnull=False).count() > 5
    offered = set(Offer.objects.exclude(state=OfferState.ENDED).values_list("operator", flat=True))
    busy = Presence.objects.filter(state__in=(PresenceState.OFFERED, PresenceState.BUSY))
    assert set(busy.values_list("operator", flat=True)) == offered
