"""The wallboard's page, for each role; a branch is switched in one click."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hotline.domain.accounts.models import User
from hotline.domain.queue.models import BranchSwitch
from tests import stories
from tests.edges.staff import moment, signed_in
from tests.people import CITIZEN, People
from tests.queueing import call, on_duty

pytestmark = pytest.mark.django_db
PAGE, STATE, SWITCH, END = (
    "/wallboard/",
    "/wallboard/state/",
    "/wallboard/switch/",
    "/wallboard/end/",
)
BRANCH = stories.HARDSHIP


def words_for(user: User) -> str:
    return signed_in(user).get(PAGE).content.decode()


def switched() -> BranchSwitch | None:
    return BranchSwitch.objects.filter(branch=BRANCH, ended_at=None).first()


def test_staff_of_the_hotline_see_it_others_do_not(people: People) -> None:
    for user in (people.operator, people.supervisor, people.administrator, people.observer):
        for address in (PAGE, STATE):
            assert signed_in(user).get(address).status_code == 200
    for address in (PAGE, STATE):
        assert signed_in(people.officer).get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_it_shows_who_waits_and_who_works_without_any_script(people: People) -> None:
    on_duty(people.operator, moment())
    call(moment(), number=CITIZEN)
    words = words_for(people.supervisor)
    assert people.operator.display_name in words
    assert f'data-branch="{BRANCH}" class="busy"' in words
    assert '<noscript><meta http-equiv="refresh"' in words
    assert CITIZEN not in words


def test_observers_see_states_but_no_names_and_no_buttons(people: People) -> None:
    on_duty(people.operator, moment())
    words = words_for(people.observer)
    assert people.operator.display_name not in words
    assert "person--ready" in words
    assert SWITCH not in words
    state = signed_in(people.observer).get(STATE).content.decode()
    assert people.operator.display_name not in state
    assert json.loads(state)["operators"][0]["state"] == "ready"


def test_operators_see_names_but_may_not_switch(people: People) -> None:
    on_duty(people.second_operator, moment())
    words = words_for(people.operator)
    assert people.second_operator.display_name in words
    assert SWITCH not in words
    for address in (SWITCH, END):
        form = {"branch": BRANCH, "to": "callbot", "for": "30"}
        assert signed_in(people.operator).post(address, form).status_code == 403
    assert switched() is None


@pytest.mark.parametrize(("to", "minutes"), [("callbot", 15), ("announcement", 60)])
def test_one_click_switches_and_one_undoes(people: People, to: str, minutes: int) -> None:
    client = signed_in(people.supervisor)
    before = moment()
    form = {"branch": BRANCH, "to": to, "for": str(minutes)}
    shown = client.post(SWITCH, form, follow=True)
    row = switched()
    assert row is not None
    assert (row.to, row.by) == (to, people.supervisor)
    assert before < row.until - timedelta(minutes=minutes) < moment()
    until = f"{timezone.localtime(row.until):%H:%M}"
    assert sum(until in str(message) for message in shown.context["messages"]) == 1
    assert f'data-branch="{BRANCH}" class="switched"' in shown.content.decode()

    shown = client.post(END, {"branch": BRANCH}, follow=True)
    assert switched() is None
    assert f'data-branch="{BRANCH}" class="switched"' not in shown.content.decode()


def test_until_a_time_of_day_is_today_or_tomorrow(people: People) -> None:
    client = signed_in(people.administrator)
    for ahead in (timedelta(hours=2), timedelta(hours=22)):
        wanted = timezone.localtime(moment() + ahead).replace(second=0, microsecond=0)
        at = f"{wanted:%H:%M}"
        client.post(SWITCH, {"branch": BRANCH, "to": "callbot", "for": "until", "at": at})
        row = switched()
        assert row is not None
        assert abs(row.until - wanted) <= timedelta(minutes=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"for": "0"},
        {"for": "99999999999"},
        {"for": "-5"},
        {"for": "until", "at": ""},
        {"for": "until", "at": "25:99"},
        {"for": "until", "at": "<b>"},
        {"to": "nowhere"},
        {"branch": "77"},
        {"branch": ""},
    ],
)
def test_what_makes_no_sense_changes_nothing_and_says_so(
    people: People, wrong: dict[str, str]
) -> None:
    form = {"branch": BRANCH, "to": "callbot", "for": "30", **wrong}
    shown = signed_in(people.supervisor).post(SWITCH, form, follow=True)
    assert [message.level_tag for message in shown.context["messages"]] == ["error"]
    assert not BranchSwitch.objects.exists()


def test_the_state_is_the_snapshot_of_now(people: People) -> None:
    client = signed_in(people.supervisor)
    first = json.loads(client.get(STATE).content)
    on_duty(people.operator, moment())
    second = json.loads(client.get(STATE).content)
    assert (len(first["operators"]), len(second["operators"])) == (0, 1)
    assert datetime.fromisoformat(first["at"]) < datetime.fromisoformat(second["at"])


def test_every_desk_page_leads_to_it(people: People) -> None:
    for user in (people.operator, people.observer):
        assert f'href="{PAGE}"' in signed_in(user).get("/desk/").content.decode()
    assert f'href="{PAGE}"' not in signed_in(people.officer).get("/agency/").content.decode()
