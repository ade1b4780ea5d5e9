"""A random day in the queue: callers, operators, phones and third parties, in any order."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from hotline.core.errors import Refusal
from hotline.dialogue.exchange import Event as DialogueEvent
from hotline.dialogue.exchange import Keys, Left, PersonFree, Served, ToCallbot
from hotline.dialogue.state import Stage
from hotline.domain.calls.models import CallBack
from hotline.domain.queue.models import (
    LegPurpose,
    LegState,
    Offer,
    OfferState,
    Ticket,
    TicketState,
)
from hotline.domain.queue.seats import Seat
from hotline.domain.workforce.models import Presence, PresenceState
from hotline.usecases.call_back_failed import call_back_failed
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.go_ready import go_ready
from hotline.usecases.leg_over import leg_over
from hotline.usecases.leg_up import leg_up
from hotline.usecases.open_leg import open_leg
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.operator_failed import operator_failed
from hotline.usecases.pause import pause
from hotline.usecases.resume_call import resume_call
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_off import sign_off
from hotline.usecases.sign_on import sign_on
from hotline.usecases.take_call_back import take_call_back
from hotline.usecases.talk_began import talk_began
from hotline.usecases.talk_over import talk_over
from hotline.usecases.transferred import transferred
from tests import stories
from tests.people import People

NODE = "test"


class Day:
    """A seeded day; ``act`` does one thing, ``check`` looks at what must always hold."""

    def __init__(self, seed: int, people: People, now: datetime) -> None:
        self.dice = random.Random(seed)
        self.users = [people.operator, people.second_operator]
        self.began = self.now = now
        self.lines: dict[UUID, stories.Talk] = {}
        self.entered: dict[int, datetime] = {}
        self.old_offers: list[UUID] = []
        self.count = 0

    def act(self) -> None:
        self.now += timedelta(seconds=self.dice.choice([0, 1, 5, 20, 70]))
        for user in self.users:
            if self.dice.random() < 0.8:
                desk_seen(user=user, now=self.now)
        self.dice.choice(
            [self.rings, self.rings, self.looks, self.looks, self.operator_acts, self.line_acts,
             self.line_acts, self.caller_acts, self.late_report, self.third_acts, self.third_acts,
             self.vanishes]
        )()  # fmt: skip

    def rings(self) -> None:
        self.count += 1
        talk = stories.ring(self.now, number=f"09{self.dice.randrange(8)}1234567")
        if talk.turn.state.stage is Stage.KNOWN:
            talk.say(Keys("2"))
        talk.say(Keys("2"))
        self.lines[talk.turn.contact] = talk

    def looks(self) -> tuple[Seat, ...]:
        before = set(Offer.objects.values_list("pk", flat=True))
        seats = run_queue(node=NODE, dials=self.dice.random() < 0.7, now=self.now).seats
        self._check_order(before)
        for seat in seats:
            talk = self.lines.get(seat.contact) if seat.contact else None
            if talk is None:
                continue
            talk.now = self.now
            if seat.to_bot is not None:
                talk.say(ToCallbot(seat.to_bot))
            elif seat.offer_person and self.dice.random() < 0.5:
                talk.say(PersonFree())
            elif seat.state == TicketState.OUTSIDE and seat.leg is None:
                self._served(talk)
        return seats

    def _check_order(self, before: set[UUID]) -> None:
        """Whoever is offered now came before all who wait on (there is one branch)."""
        new = Ticket.objects.filter(offers__in=Offer.objects.exclude(pk__in=before))
        last = max((ticket.entered_at for ticket in new), default=self.began)
        for ticket in Ticket.objects.filter(state=TicketState.WAITING):
            assert ticket.entered_at >= last

    def operator_acts(self) -> None:
        user = self.dice.choice(self.users)
        act = self.dice.choice(["on", "ready", "ready", "pause", "off"])
        try:
            if act == "on":
                sign_on(user=user, branches=["2"], phone="sip", now=self.now)
            elif act == "ready":
                go_ready(user=user, now=self.now)
            elif act == "pause":
                pause(user=user, reason="break", now=self.now)
            else:
                sign_off(user=user, now=self.now)
        except Refusal:
            return

    def line_acts(self) -> None:
        live = [seat for seat in self.looks() if seat.offer is not None]
        if not live:
            return
        seat = self.dice.choice(live)
        assert seat.offer is not None
        offer = seat.offer.id
        self.old_offers.append(offer)
        if seat.offer.state == OfferState.RINGING:
            if self.dice.random() < 0.7:
                assert operator_answered(offer=offer, now=self.now)
            else:
                result = self.dice.choice(["busy", "refused", "unreachable"])
                operator_failed(offer=offer, result=result, now=self.now)
        elif seat.offer.state == OfferState.ANSWERED:
            self._connect(seat, offer)
        else:
            self._end(seat, offer)

    def _connect(self, seat: Seat, offer: UUID) -> None:
        if seat.kind == "call_back" and seat.contact is None:
            if self.dice.random() < 0.5:
                call_back_failed(offer=offer, result="no_answer", now=self.now)
                return
            contact = take_call_back(offer=offer, channel=f"out-{offer}", node=NODE, now=self.now)
            assert contact is not None
            self.lines[contact] = stories.Talk(resume_call(contact=contact, now=self.now), self.now)
        assert talk_began(offer=offer, now=self.now)

    def _end(self, seat: Seat, offer: UUID) -> None:
        by = self.dice.choice(["caller", "operator", "lost"])
        talk_over(offer=offer, by=by, now=self.now)
        talk = self.lines.get(seat.contact) if seat.contact else None
        if talk is not None and by != "lost":
            self._served(talk)

    def _served(self, talk: stories.Talk) -> None:
        talk.now = self.now
        talk.say(Served())
        assert talk.ended
        self.lines.pop(talk.turn.contact)

    def third_acts(self) -> None:
        """A third party is called, answers, does not, leaves; a caller is sent to them."""
        with_people = [
            seat
            for seat in self.looks()
            if seat.state == TicketState.OUTSIDE
            or (seat.offer is not None and seat.offer.state == OfferState.TALKING)
        ]
        if not with_people:
            return
        seat = self.dice.choice(with_people)
        offer = seat.offer.id if seat.offer is not None else None
        if seat.leg is None:
            purpose = self.dice.choice([LegPurpose.CONSULT, LegPurpose.BLIND])
            blind = purpose is LegPurpose.BLIND
            if offer is not None:
                open_leg(
                    ticket=seat.ticket,
                    offer=None if blind else offer,
                    purpose=purpose,
                    number="9990115",
                    now=self.now,
                )
                assert not blind or transferred(offer=offer, now=self.now)
        elif seat.leg.purpose == LegPurpose.CALL_BACK:
            leg_over(leg=seat.leg.id, result="answered", now=self.now)
        elif seat.leg.state == LegState.DIALLING and self.dice.random() < 0.5:
            leg_up(leg=seat.leg.id, now=self.now)
        elif seat.leg.state == LegState.UP and offer is not None and self.dice.random() < 0.5:
            assert transferred(offer=offer, now=self.now)
        else:
            said = "answered" if seat.leg.state == LegState.UP else "busy"
            leg_over(leg=seat.leg.id, result=said, now=self.now)

    def vanishes(self) -> None:
        """A caller hangs up while they talk, and the switchboard dies before it says so."""
        talking = Ticket.objects.filter(state=TicketState.TALKING, contact__in=self.lines)
        ticket = self.dice.choice([*talking.order_by("pk"), None])
        if ticket is None or ticket.contact_id is None:
            return
        talk = self.lines.pop(ticket.contact_id)
        talk.now = self.now
        talk.say(Left())
        self.looks()

    def caller_acts(self) -> None:
        with_people = [TicketState.TALKING, TicketState.OUTSIDE]
        talking = set(
            Ticket.objects.filter(state__in=with_people).values_list("contact", flat=True)
        )
        free = [one for contact, one in self.lines.items() if contact not in talking]
        if not free:
            return
        talk = self.dice.choice(free)
        talk.now = self.now
        events: list[DialogueEvent] = [Left(), Keys("1"), Keys("2"), Keys("*")]
        talk.say(self.dice.choice(events))
        if talk.ended:
            talk.say(Left())
            self.lines.pop(talk.turn.contact, None)

    def late_report(self) -> None:
        """What comes too late, or twice, changes nothing."""
        over = Offer.objects.filter(pk__in=self.old_offers, state=OfferState.ENDED).first()
        if over is None:
            return
        before = list(Ticket.objects.values_list("pk", "state", "epoch"))
        assert not operator_answered(offer=over.pk, now=self.now)
        assert not talk_began(offer=over.pk, now=self.now)
        operator_failed(offer=over.pk, result="no_answer", now=self.now)
        talk_over(offer=over.pk, by="lost", now=self.now)
        assert list(Ticket.objects.values_list("pk", "state", "epoch")) == before

    def check(self) -> None:
        live = list(Offer.objects.exclude(state=OfferState.ENDED).select_related("ticket"))
        assert len({offer.operator_id for offer in live}) == len(live)
        assert len({offer.ticket_id for offer in live}) == len(live)
        offered = {offer.operator_id: offer for offer in live}
        for presence in Presence.objects.all():
            busy = presence.state in {PresenceState.OFFERED, PresenceState.BUSY}
            assert busy == (presence.operator_id in offered), presence
        for offer in live:
            talking = offer.state == OfferState.TALKING
            assert offer.ticket.state == (TicketState.TALKING if talking else TicketState.OFFERED)
        for ticket in Ticket.objects.all():
            assert self.entered.setdefault(ticket.pk, ticket.entered_at) == ticket.entered_at
        for contact, talk in self.lines.items():
            if talk.turn.state.stage is Stage.QUEUE:
                assert Ticket.objects.get(contact=contact).state in {
                    TicketState.WAITING,
                    TicketState.OFFERED,
                    TicketState.TALKING,
                    TicketState.OUTSIDE,
                }

    def close(self) -> None:
        """Everybody who is still there hangs up: each was served, or is rung back."""
        for offer in Offer.objects.filter(state=OfferState.TALKING):
            talk_over(offer=offer.pk, by="caller", now=self.now)
            contact = offer.ticket.contact_id
            talk = self.lines.get(contact) if contact is not None else None
            if talk is not None:
                self._served(talk)
        for talk in self.lines.values():
            talk.now = self.now
            talk.say(Left())
        for ticket in Ticket.objects.filter(kind="call"):
            assert ticket.state == TicketState.ENDED
            if ticket.outcome in {"abandoned", "call_back"}:
                assert ticket.contact is not None
                assert CallBack.objects.filter(person=ticket.contact.person).exists()
