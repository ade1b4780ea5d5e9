"""The wallboard's figures: what was done is what is shown."""

import json
from datetime import datetime, timedelta

import pytest

from hotline.dialogue.exchange import Keys, Left
from hotline.domain.nodes.services import beat
from hotline.domain.queue.models import Event, Kind
from hotline.reports.day_totals import DayTotals
from hotline.reports.wallboard import BranchNow, Snapshot, as_json, snapshot, without_names
from hotline.usecases.end_switch import end_switch
from hotline.usecases.switch_branch import switch_branch
from tests import stories
from tests.people import CITIZEN, NEIGHBOUR, People
from tests.queueing import call, hang_up, look, on_duty, take

pytestmark = pytest.mark.django_db
THIRD, FOURTH = "0903333333", "0904444444"
SECOND = timedelta(seconds=1)


def seen(now: datetime, totals: DayTotals | None = None) -> Snapshot:
    return snapshot(totals=totals or DayTotals(), capacity=300, now=now)


def branch(now: datetime, key: str = stories.HARDSHIP) -> BranchNow:
    return next(one for one in seen(now).branches if one.branch == key)


def test_nothing_has_happened_yet(people: People, now: datetime) -> None:
    at_first = seen(now)
    assert at_first.all.offered == 0
    assert at_first.all.service_level is None
    assert at_first.all.average_s is None
    assert at_first.operators == ()
    assert [one.branch for one in at_first.branches] == ["0", "1", "2", "3", "4"]
    assert at_first.day == "2021-07-23"


def test_a_caller_waits_is_answered_and_leaves(people: People, now: datetime) -> None:
    on_duty(people.operator, now)
    talk = call(now, number=CITIZEN)
    standing = branch(now + 4 * SECOND)
    assert (standing.waiting, standing.talking, standing.oldest) == (1, 0, now)
    assert (standing.today.offered, standing.today.open, standing.today.fresh) == (1, 1, 1)
    look(now + 4 * SECOND)
    assert branch(now + 5 * SECOND).waiting == 1  # offered, and still waits
    offer = take(people.operator, now + 12 * SECOND)
    standing = branch(now + 13 * SECOND)
    assert (standing.waiting, standing.talking, standing.oldest) == (0, 1, None)
    hang_up(talk, now + 90 * SECOND, offer=offer)
    standing = branch(now + 91 * SECOND)
    assert (standing.waiting, standing.talking) == (0, 0)
    today = standing.today
    assert (today.offered, today.person, today.within, today.open) == (1, 1, 1, 0)
    assert today.average_s == 12
    assert today.longest_ms == 12_000
    assert today.service_level == 1


def test_who_waited_too_long_or_hung_up_counts_against_the_service_level(
    people: People, now: datetime
) -> None:
    on_duty(people.operator, now)
    first = call(now, number=CITIZEN)
    second = call(now + SECOND, number=NEIGHBOUR)
    look(now + SECOND)
    offer = take(people.operator, now + 21 * SECOND)
    hang_up(second, now + 22 * SECOND)
    hang_up(first, now + 30 * SECOND, offer=offer)
    today = branch(now + 31 * SECOND).today
    assert (today.offered, today.person, today.abandoned) == (2, 1, 1)
    assert today.within == 0
    assert today.service_level == 0


def test_the_callbot_and_the_call_back_are_counted_apart(people: People, now: datetime) -> None:
    on_duty(people.operator, now)
    rung_back = call(now, number=CITIZEN)
    rung_back.say(Keys("1"))
    with_bot = call(now, number=NEIGHBOUR)
    with_bot.say(Keys("2"))
    assert branch(now + SECOND).with_bot == 1
    with_bot.say(Keys("1"))
    stories.answer_by_voice(with_bot)
    with_bot.say(Left())
    standing = branch(now + 2 * SECOND)
    today = standing.today
    assert (today.offered, today.call_back, today.callbot) == (2, 1, 1)
    assert (standing.with_bot, today.abandoned, today.person) == (0, 0, 0)
    assert today.within == 1
    assert seen(now + 2 * SECOND).call_backs.open == 1
    assert seen(now + 2 * SECOND).call_backs.asked == 1


def test_nobody_on_duty_is_answered_by_the_callbot_at_once(people: People, now: datetime) -> None:
    talk = call(now, number=CITIZEN)
    talk.say(Keys("1"))
    stories.answer_by_voice(talk)
    today = branch(now + 30 * SECOND).today
    assert (today.offered, today.callbot, today.within) == (1, 1, 1)


def test_yesterdays_calls_do_not_count_today(people: People, now: datetime) -> None:
    on_duty(people.operator, now)
    yesterday = now - timedelta(hours=10)
    hang_up(call(yesterday, number=CITIZEN), yesterday + SECOND)
    assert seen(yesterday + SECOND).all.offered == 1
    assert seen(now).all.offered == 0


def test_totals_that_are_kept_up_equal_totals_read_anew(people: People, now: datetime) -> None:
    kept = DayTotals()
    on_duty(people.operator, now)
    for minute in range(0, 30, 3):
        moment = now + timedelta(minutes=minute)
        talk = call(moment, number=f"09051{minute:05}")
        if minute % 2:
            look(moment, at_the_desk=[people.operator])
            offer = take(people.operator, moment + minute * SECOND)
            hang_up(talk, moment + 100 * SECOND, offer=offer)
            look(
                moment + timedelta(minutes=2, seconds=50), at_the_desk=[people.operator]
            )  # the wrap-up is over
        else:
            hang_up(talk, moment + 15 * SECOND)
        after = moment + timedelta(minutes=2, seconds=55)
        assert seen(after, kept).all == seen(after).all
    assert seen(after).all.offered == 10
    much_later = after + timedelta(hours=1)
    assert seen(much_later, kept) == seen(much_later)


def test_operators_stand_by_name_with_state_and_reason(people: People, now: datetime) -> None:
    on_duty(people.operator, now)
    on_duty(people.second_operator, now, ready=False)
    first, second = seen(now + SECOND).operators
    assert (first.name, first.state, first.reason) == ("chi.operator", "ready", "")
    assert (second.name, second.state) == ("dung.operator", "paused")
    assert first.branches == (stories.HARDSHIP,)


def test_observers_get_no_names(people: People, now: datetime) -> None:
    on_duty(people.operator, now)
    switch_branch(user=people.supervisor, branch="1", to="callbot", minutes=30, now=now)
    words = as_json(without_names(seen(now))).decode()
    assert people.operator.username not in words
    assert people.supervisor.username not in words
    assert json.loads(words)["operators"][0]["state"] == "ready"


def test_a_switched_branch_says_where_to_and_until_when(people: People, now: datetime) -> None:
    switch_branch(user=people.supervisor, branch="1", to="announcement", minutes=15, now=now)
    switched = branch(now + SECOND, "1").switch
    assert switched is not None
    assert (switched.to, switched.until) == ("announcement", now + timedelta(minutes=15))
    assert switched.by == people.supervisor.display_name
    assert branch(now + timedelta(minutes=15), "1").switch is None
    end_switch(user=people.supervisor, branch="1", now=now + SECOND)
    assert branch(now + 2 * SECOND, "1").switch is None


def test_machines_their_load_and_their_silence(people: People, now: datetime) -> None:
    beat(process="switchboard", node="test", now=now)
    beat(process="worker", node="test", now=now - timedelta(minutes=1))
    call(now, number=CITIZEN)
    board, worker = seen(now + SECOND).nodes
    assert (board.up, board.calls, board.silent_since) == (True, 1, None)
    assert (worker.up, worker.calls, worker.silent_since) == (False, None, now - 60 * SECOND)


def test_the_json_holds_durations_times_and_the_service_level(
    people: People, now: datetime
) -> None:
    on_duty(people.operator, now)
    call(now, number=CITIZEN)
    look(now)
    take(people.operator, now + 7 * SECOND)
    content = json.loads(as_json(seen(now + 8 * SECOND)))
    assert content["all"]["service_level"] == 1
    assert content["all"]["average_s"] == 7
    assert datetime.fromisoformat(content["at"]) == now + 8 * SECOND
    hardship = next(one for one in content["branches"] if one["branch"] == stories.HARDSHIP)
    assert hardship["today"] == content["all"]


def test_the_figures_equal_the_event_log(people: People, now: datetime) -> None:
    """Recounted by other means: from the log's own lines."""
    on_duty(people.operator, now)
    first = call(now, number=CITIZEN)
    call(now + SECOND, number=NEIGHBOUR)
    look(now + SECOND)
    offer = take(people.operator, now + 5 * SECOND)
    call(now + 6 * SECOND, number=THIRD).say(Keys("1"))
    hang_up(call(now + 7 * SECOND, number=FOURTH), now + 9 * SECOND)
    hang_up(first, now + 60 * SECOND, offer=offer)
    today = seen(now + 61 * SECOND).all

    def tickets(kind: Kind) -> int:
        return Event.objects.filter(kind=kind).values("ticket").distinct().count()

    assert today.offered == tickets(Kind.ENTERED) == 4
    assert today.person == tickets(Kind.ANSWERED) == 1
    assert today.call_back == tickets(Kind.TO_CALL_BACK) == 1
    assert today.abandoned == tickets(Kind.ABANDONED) == 1
    assert today.open == 1
