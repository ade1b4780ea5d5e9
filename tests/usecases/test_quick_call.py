"""The quick way of a call leaves the same rows as the plain one, and gives way to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import connection

from hotline.dialogue.exchange import Event, Keys, Left, Silence, ToCallbot
from hotline.dialogue.state import Stage
from hotline.domain.calls.models import Call
from hotline.domain.city.model import City
from hotline.domain.contacts import services as contacts
from hotline.domain.contacts.models import Contact, Recording
from hotline.domain.people.models import PersonKey
from hotline.domain.people.sealing import Erased
from hotline.domain.queue.models import Event as QueueEvent
from hotline.domain.queue.models import Ticket, TicketState
from hotline.domain.workforce.models import Operator, Presence, PresenceState
from hotline.usecases import quick_call
from hotline.usecases.end_lines import end_lines
from hotline.usecases.finish_call import finish_call
from hotline.usecases.finish_calls import finish_calls
from hotline.usecases.hear import hear
from hotline.usecases.quick_call import QuickCalls
from hotline.usecases.take_call import take_call
from hotline.usecases.turn import Turn
from tests import stories
from tests.people import CITIZEN, People

pytestmark = pytest.mark.django_db

Hear = Callable[..., Turn]
OTHER = "0907654321"


@pytest.fixture
def quick() -> QuickCalls:
    return QuickCalls()


@pytest.fixture
def plainly() -> Iterator[mock.Mock]:
    """Counts the steps that went the plain way."""
    with mock.patch.object(quick_call, "hear", wraps=hear) as counted:
        yield counted


@pytest.fixture
def staffed(people: People, now: datetime) -> None:
    """Somebody is on duty, and busy."""
    operator = Operator.objects.create(user=people.operator, extension="op900")
    Presence.objects.create(
        operator=operator,
        state=PresenceState.BUSY,
        branches=[stories.HARDSHIP],
        levels=[1],
        since=now,
        seen_at=now,
    )


def events(turn: Turn) -> Event:
    """What the caller of these stories answers."""
    state = turn.state
    match state.stage:
        case Stage.MENU:
            return Keys(stories.HARDSHIP)
        case Stage.QUEUE:
            return ToCallbot("busy")
        case Stage.SLOT if state.slot in {"place", "details"}:
            return stories.speak(4.0)
        case Stage.SLOT:
            return stories.KEYED[state.slot or ""]
    return Keys("1")


def tell(take: Hear, listen: Hear, number: str, now: datetime) -> Turn:
    turn = take(channel=f"channel-{number}", node="test", number=number, now=now)
    for count in range(40):
        if turn.state.outcome is not None:
            assert turn.code
            return listen(contact=turn.contact, step=turn.step, event=Left(), now=now)
        now += timedelta(seconds=5)
        event = Silence() if count == 2 else events(turn)
        turn = listen(contact=turn.contact, step=turn.step, event=event, now=now)
    raise AssertionError(turn.state)


def as_the_desk_hears(quick: QuickCalls) -> Hear:
    def listen(*, contact: UUID, step: int, event: Event, now: datetime) -> Turn:
        over = quick.leave(contact=contact, step=step) if isinstance(event, Left) else None
        if over is None:
            return quick.hear(contact=contact, step=step, event=event, now=now)
        for _ in range(2):
            end_lines([(contact, now)])
            now += timedelta(seconds=1)  # said again later, it is no news
        return over

    return listen


def rows_of(turn: Turn) -> dict[str, Any]:
    """Everything that a call leaves, without ids, names of files and sealed bytes."""
    contact = Contact.objects.get(pk=turn.contact)
    unlike = {"id", "person", "person_id", "case_id", "state", "_state", "contact_id", "file"}
    unlike |= {"name", "channel", "ticket_id", "code", "promised_code", "reporter_id"}

    assert contact.case is not None

    def plain(row: Any) -> dict[str, Any]:
        return {key: value for key, value in vars(row).items() if key not in unlike}

    tickets = Ticket.objects.filter(contact=contact)
    return {
        "contact": plain(contact),
        "state": [
            (slot, slot == "reporter_phone" or answer.value, answer.source, answer.seconds)
            for slot, answer in contacts.state_of(contact).answers.items()
        ],
        "call": plain(contact.call),
        "case": plain(contact.case),
        "timeline": [plain(line) for line in contact.case.events.order_by("pk")],
        "answers": [
            (row.slot, row.source, row.recording is None, row.seconds, row.given_at)
            for row in contact.case.answers.order_by("pk")
        ],
        "referrals": [plain(row) for row in contact.case.referrals.all()],
        "listening": plain(contact.case.listening),
        "recordings": [plain(row) for row in Recording.objects.filter(contact=contact)],
        "tickets": [plain(row) for row in tickets],
        "events": [
            plain(row) for row in QueueEvent.objects.filter(ticket__in=tickets).order_by("pk")
        ],
    }


@pytest.mark.parametrize("together", [False, True], ids=["alone", "together"])
@pytest.mark.parametrize("waits", [False, True], ids=["nobody on duty", "all busy"])
def test_both_ways_leave_the_same_rows(
    city: City,
    now: datetime,
    quick: QuickCalls,
    plainly: mock.Mock,
    waits: bool,
    together: bool,
    request: pytest.FixtureRequest,
) -> None:
    if waits:
        request.getfixturevalue("staffed")
    plain = rows_of(tell(take_call, hear, CITIZEN, now))
    assert plain["events"]
    turn = tell(quick.take, as_the_desk_hears(quick), OTHER, now)
    if together:
        assert finish_calls([turn.contact]) == []
    else:
        finish_call(contact=turn.contact, now=now + timedelta(hours=1))
    assert plain == rows_of(turn)
    assert not plainly.call_count, "ordinary steps went the plain way"


def begun(quick: QuickCalls, now: datetime) -> Turn:
    turn = quick.take(channel="one", node="test", number=OTHER, now=now)
    return quick.hear(contact=turn.contact, step=turn.step, event=Keys(stories.HARDSHIP), now=now)


def test_nobody_leaves_whose_dialogue_is_not_over(
    city: City, now: datetime, quick: QuickCalls
) -> None:
    turn = begun(quick, now)
    assert quick.leave(contact=turn.contact, step=turn.step) is None
    assert quick.leave(contact=turn.contact, step=turn.step + 1) is None
    end_lines([(turn.contact, now)])
    end_lines([])
    assert Call.objects.get(contact=turn.contact).ended_at is None


def test_who_enters_a_branch_is_decided_by_what_was_read_a_moment_ago_and_no_longer(
    city: City, staffed: None, now: datetime, quick: QuickCalls
) -> None:
    assert begun(quick, now).state.stage is Stage.QUEUE
    Presence.objects.all().delete()
    for later, stage in ((0.4, Stage.QUEUE), (0.6, Stage.CONSENT)):
        moment = now + timedelta(seconds=later)
        turn = quick.take(channel=f"{later}", node="test", number=OTHER, now=moment)
        keyed = Keys(stories.HARDSHIP)
        after = quick.hear(contact=turn.contact, step=turn.step, event=keyed, now=moment)
        assert after.state.stage is stage


def test_an_event_that_comes_twice_is_taken_once(
    city: City, now: datetime, quick: QuickCalls
) -> None:
    turn = begun(quick, now)
    first = quick.hear(contact=turn.contact, step=turn.step, event=Keys("1"), now=now)
    again = quick.hear(contact=turn.contact, step=turn.step, event=Keys("1"), now=now)
    assert first.step == again.step == turn.step + 1
    assert first.state == again.state


def test_what_another_process_wrote_is_not_overwritten(
    city: City, now: datetime, quick: QuickCalls
) -> None:
    turn = begun(quick, now)
    row = Contact.objects.get(pk=turn.contact)
    state = contacts.state_of(row)
    contacts.overwrite(row, replace(state, misses=1))
    after = quick.hear(contact=turn.contact, step=turn.step, event=Silence(), now=now)
    assert after.state.misses == 2


def test_an_erased_person_is_not_sealed_any_more(
    city: City, now: datetime, quick: QuickCalls
) -> None:
    turn = begun(quick, now)
    PersonKey.objects.all().delete()
    with pytest.raises(Erased):
        quick.hear(contact=turn.contact, step=turn.step, event=Keys("1"), now=now)


def test_a_caller_who_is_being_offered_goes_the_plain_way(
    city: City, staffed: None, now: datetime, quick: QuickCalls, plainly: mock.Mock
) -> None:
    turn = begun(quick, now)
    assert turn.state.stage is Stage.QUEUE
    Ticket.objects.filter(contact=turn.contact).update(state=TicketState.OFFERED)
    quick.hear(contact=turn.contact, step=turn.step, event=ToCallbot("busy"), now=now)
    assert plainly.call_count == 1
    assert Ticket.objects.get(contact=turn.contact).state == TicketState.WITH_BOT


def test_its_statements_are_planned_once(city: City, now: datetime, quick: QuickCalls) -> None:
    for number in (OTHER, CITIZEN):
        quick.take(channel=number, node="test", number=number, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = [row[0] for row in cursor.fetchall()]
    assert sum("INSERT INTO calls_call" in statement for statement in prepared) == 1
