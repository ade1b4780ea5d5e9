"""A seeded random day: whatever callers, operators and supervisors do, what the wallboard shows
is what the event log says, and every call is counted once."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db.models import QuerySet

from hotline.core.errors import Refusal
from hotline.dialogue.exchange import (
    Announced,
    Ask,
    Expect,
    Keys,
    Left,
    Served,
    ToCallbot,
)
from hotline.dialogue.state import Stage
from hotline.domain.accounts.models import Role, User
from hotline.domain.contacts.models import Contact
from hotline.domain.queue.models import Event, Kind, Offer, OfferState, Ticket, TicketState
from hotline.domain.workforce.models import OperatorKind
from hotline.reports.day_totals import ANSWER_WITHIN_S, DayTotals, Totals
from hotline.reports.wallboard import snapshot
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.end_switch import end_switch
from hotline.usecases.go_ready import go_ready
from hotline.usecases.operator_failed import operator_failed
from hotline.usecases.pause import pause
from hotline.usecases.run_queue import run_queue
from hotline.usecases.switch_branch import switch_branch
from hotline.usecases.talk_over import talk_over
from tests import stories
from tests.people import People
from tests.queueing import NODE, call, hang_up, on_duty, take

BRANCHES = ("1", "2", "4")
Act = Callable[[], None]


class Day:
    """The world of one seed. Each step lets time pass and somebody act."""

    def __init__(self, seed: int, *, people: People, now: datetime) -> None:
        self.random = random.Random(seed)
        self.now = self.began = now
        self.supervisor = people.supervisor
        self.talks: list[stories.Talk] = []
        self.operators = [_operator(number, now) for number in range(4)]
        self.numbers = (f"09{number:08}" for number in count(10_000_000))
        self.kept = DayTotals()
        self.acts: list[tuple[int, Act]] = [
            (6, self.rings),
            (5, self.takes),
            (4, self.ends_a_talk),
            (4, self.presses_a_key),
            (3, self.hangs_up),
            (3, self.is_ready),
            (1, self.does_not_answer),
            (1, self.pauses),
            (1, self.switches),
        ]

    def live(self) -> None:
        """One step."""
        self.now += timedelta(seconds=self.random.expovariate(1 / 12))
        for operator in self.operators:
            desk_seen(user=operator, now=self.now)
        weights = [weight for weight, _ in self.acts]
        (act,) = self.random.choices([act for _, act in self.acts], weights)
        act()
        self.switchboard_looks()
        self.talks = [talk for talk in self.talks if not talk.ended]

    def rings(self) -> None:
        key = self.random.choice(BRANCHES)
        self.talks.append(call(self.now, number=next(self.numbers), key=key))

    def hangs_up(self) -> None:
        if self.talks:
            talk = self.random.choice(self.talks)
            offer = self.offers(OfferState.TALKING).filter(ticket__contact=talk.turn.contact)
            talking = offer.first()
            hang_up(talk, self.now, offer=talking.pk if talking else None)
            self.talks.remove(talk)

    def presses_a_key(self) -> None:
        """Leaves the queue by key, or goes on with the callbot, or wants a person."""
        if not self.talks:
            return
        talk = self.random.choice(self.talks)
        talk.now = self.now
        if self.offers(OfferState.TALKING).filter(ticket__contact=talk.turn.contact).exists():
            return
        if talk.turn.state.stage is Stage.QUEUE:
            talk.say(Keys(self.random.choice("12")))
        elif self.random.random() < 0.3:
            talk.say(Keys("*"))
        elif any(isinstance(act, Ask) for act in talk.turn.actions):
            if talk.ask.expect is Expect.CONSENT:
                talk.say(Keys("1"))
            else:
                self.answers_all(talk)

    def answers_all(self, talk: stories.Talk) -> None:
        while not talk.ended and talk.turn.state.stage is not Stage.QUEUE:
            ask = talk.ask
            talk.say(stories.speak(3.0) if ask.speech is not None else Keys("1"))

    def takes(self) -> None:
        ringing = self.offers(OfferState.RINGING).first()
        if ringing:
            take(ringing.operator.user, self.now)

    def ends_a_talk(self) -> None:
        talking = self.offers(OfferState.TALKING).first()
        if talking:
            by = self.random.choice(["operator", "operator", "lost"])
            talk_over(offer=talking.pk, by=by, now=self.now)

    def does_not_answer(self) -> None:
        ringing = self.offers(OfferState.RINGING).first()
        if ringing:
            result = self.random.choice(["busy", "no_answer", "refused", "unreachable"])
            operator_failed(offer=ringing.pk, result=result, now=self.now)

    def is_ready(self) -> None:
        go_ready(user=self.random.choice(self.operators), now=self.now)

    def pauses(self) -> None:
        try:
            pause(user=self.random.choice(self.operators), reason="break", now=self.now)
        except Refusal:  # while a call is theirs
            return

    def switches(self) -> None:
        branch = self.random.choice(BRANCHES)
        if self.random.random() < 0.4:
            end_switch(user=self.supervisor, branch=branch, now=self.now)
            return
        to = self.random.choice(["callbot", "announcement"])
        switch_branch(user=self.supervisor, branch=branch, to=to, minutes=2, now=self.now)

    def switchboard_looks(self) -> None:
        """Does what the queue's level says, as the switchboard does."""
        news = run_queue(node=NODE, dials=False, now=self.now)
        by_contact = {talk.turn.contact: talk for talk in self.talks}
        for seat in news.seats:
            talk = by_contact.get(seat.contact) if seat.contact else None
            if talk is None or talk.turn.state.stage is not Stage.QUEUE:
                continue
            talk.now = self.now
            if seat.to_bot:
                talk.say(ToCallbot(seat.to_bot))
            elif seat.announce:
                talk.say(Announced())
        ended = Ticket.objects.filter(contact__in=by_contact, state=TicketState.ENDED)
        for ticket in ended.filter(outcome="answered"):
            assert ticket.contact_id is not None
            talk = by_contact[ticket.contact_id]
            talk.now = self.now
            talk.say(Served())
            talk.say(Left())
            self.talks = [one for one in self.talks if one is not talk]

    def offers(self, state: OfferState) -> QuerySet[Offer]:
        return Offer.objects.filter(state=state).select_related("operator__user").order_by("pk")

    def totals(self) -> Totals:
        """Read as the live plane reads: kept up, and equal to what a new reader finds."""
        kept = snapshot(totals=self.kept, capacity=1, now=self.now)
        anew = snapshot(totals=DayTotals(), capacity=1, now=self.now)
        assert kept == anew
        return kept.all


def _operator(number: int, now: datetime) -> User:
    user = User.objects.create_user(username=f"operator{number}", password="x", role=Role.OPERATOR)
    kind = OperatorKind.VOLUNTEER if number == 3 else OperatorKind.OPERATOR
    return on_duty(user, now, branches=BRANCHES, kind=kind)


def recounted() -> dict[str, float]:
    """Line by line from the event log, and the outcome of those who spoke with the callbot;
    nothing of the report's own."""
    story: dict[int, dict[str, datetime]] = {}
    for event in Event.objects.filter(ticket__kind="call").order_by("at", "pk"):
        assert event.ticket_id is not None
        story.setdefault(event.ticket_id, {}).setdefault(event.kind, event.at)
    whole = set(Contact.objects.filter(outcome="complete").values_list("ticket", flat=True))
    counted: Counter[str] = Counter(offered=len(story))
    waits = []
    for ticket, first in story.items():
        if Kind.ANSWERED in first:
            counted["person"] += 1
            waits.append((first[Kind.ANSWERED] - first[Kind.ENTERED]).total_seconds())
        elif ticket in whole:
            counted["callbot"] += 1
        answers = [first[kind] for kind in (Kind.ANSWERED, Kind.TO_BOT) if kind in first]
        if answers and (min(answers) - first[Kind.ENTERED]).total_seconds() <= ANSWER_WITHIN_S:
            counted["within"] += 1
        gone = first.keys() & {Kind.ENDED, Kind.ABANDONED, Kind.TO_CALL_BACK}
        if not gone and Kind.ANSWERED not in first and ticket not in whole:
            counted["open"] += 1
        if Kind.TO_CALL_BACK in first and Kind.ANSWERED not in first:
            counted["call_back"] += 1
        if Kind.ABANDONED in first and Kind.ANSWERED not in first:
            counted["hung_up_in_queue"] += 1
    return {**counted, "waits_s": sum(waits), "longest_s": max(waits, default=0.0)}


def agree(day: Day) -> Totals:
    shown, log = day.totals(), recounted()
    for name in ("offered", "person", "callbot", "within", "open"):
        assert getattr(shown, name) == log.get(name, 0), name
    assert shown.waits_ms == pytest.approx(1000 * log["waits_s"], abs=shown.person)
    assert shown.longest_ms == pytest.approx(1000 * log["longest_s"], abs=1)
    assert shown.call_back >= log.get("call_back", 0)  # others leave a number to the callbot
    assert shown.abandoned >= log.get("hung_up_in_queue", 0)  # others hang up on the callbot
    counted_once = (
        shown.person
        + shown.callbot
        + shown.call_back
        + shown.outside
        + shown.abandoned
        + shown.other
        + shown.open
    )
    assert counted_once == shown.offered
    assert shown.within + shown.fresh <= shown.offered
    return shown


def a_day(seed: int, steps: int, *, people: People, now: datetime) -> Totals:
    day = Day(seed, people=people, now=now)
    for step in range(steps):
        day.live()
        if step % 25 == 0:
            agree(day)
    return agree(day)


@pytest.mark.django_db
def test_the_wallboard_equals_the_event_log_after_a_random_day(
    people: People, now: datetime
) -> None:
    shown = a_day(1022, 160, people=people, now=now)
    counted = (shown.offered, shown.person, shown.callbot, shown.call_back, shown.abandoned)
    assert min(counted) > 0, "the day was too quiet to prove anything"


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_and_after_many_of_them(people: People, now: datetime, seed: int) -> None:
    a_day(seed, 500, people=people, now=now)
