"""Lists for those who work: what is urgent and what is late comes first."""

from datetime import datetime, timedelta

import pytest

from hotline.dialogue.exchange import Left, Typed
from hotline.domain.cases.inbox import PAGE, Tab, counts, inbox
from hotline.domain.city.model import City
from hotline.usecases.accept_case import accept_case
from hotline.usecases.note_late_cases import note_late_cases
from tests import stories
from tests.people import People

pytestmark = pytest.mark.django_db


def test_urgent_comes_first_then_what_falls_due_first(
    city: City, now: datetime, people: People
) -> None:
    calm = stories.web_report(now - timedelta(hours=3), need=Typed("support"))
    new = stories.web_report(now)
    old = stories.web_report(now - timedelta(minutes=10))
    page = inbox(people.operator, tab=Tab.FORWARDED, now=now)
    assert [row.code for row in page.rows] == [old.code, new.code, calm.code]
    assert [row.urgent for row in page.rows] == [True, True, False]
    assert page.rows[0].due == old.news_due


def test_each_tab_holds_its_own_and_the_counts_agree(
    city: City, now: datetime, people: People
) -> None:
    stories.voice_report(now - timedelta(minutes=6), number="0933333333")
    case = stories.web_report(now)
    stories.web_report(now - timedelta(hours=1))
    accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    found = {tab: inbox(people.operator, tab=tab, now=now).total for tab in Tab}
    assert found == counts(people.operator, now=now)
    assert found == {
        Tab.TRIAGE: 1,
        Tab.FORWARDED: 1,
        Tab.ACCEPTED: 1,
        Tab.WAITING: 0,
        Tab.OVERDUE: 2,
        Tab.ANSWERED: 0,
        Tab.RESOLVED: 0,
        Tab.ALL: 3,
    }
    (row,) = inbox(people.operator, tab=Tab.TRIAGE, now=now).rows
    assert row.listening
    assert row.overdue


def test_officers_see_their_agencys_cases_only(city: City, now: datetime, people: People) -> None:
    case = stories.web_report(now)
    assert [row.code for row in inbox(people.officer, tab=Tab.ALL, now=now).rows] == [case.code]
    assert inbox(people.other_officer, tab=Tab.ALL, now=now).rows == ()
    assert counts(people.other_officer, now=now)[Tab.ALL] == 0
    people.officer.is_active = False
    assert inbox(people.officer, tab=Tab.ALL, now=now).rows == ()


def test_a_code_is_found_by_its_beginning(city: City, now: datetime, people: People) -> None:
    case = stories.web_report(now)
    page = inbox(people.operator, tab=Tab.ALL, now=now, code=case.code[:5])
    assert case.code in [row.code for row in page.rows]
    assert inbox(people.operator, tab=Tab.ALL, now=now, code="x").rows == ()


@pytest.mark.parametrize(
    ("asked", "shown", "rows"), [(1, 1, PAGE), (2, 2, 1), (9, 2, 1), (0, 1, PAGE)]
)
def test_a_page_beyond_the_end_shows_the_last(
    city: City, now: datetime, people: People, asked: int, shown: int, rows: int
) -> None:
    for line in range(PAGE + 1):
        talk = stories.choose(stories.ring(now, number=f"09011{line:05}"))
        talk.say(stories.KEYED["need"])
        talk.say(Left())
    page = inbox(people.operator, tab=Tab.TRIAGE, now=now, page=asked)
    assert (page.number, page.pages, page.total) == (shown, 2, PAGE + 1)
    assert len(page.rows) == rows


def test_a_broken_promise_is_told_once(city: City, now: datetime) -> None:
    spoken = stories.voice_report(now, number="0933333333")
    written = stories.web_report(now)
    assert note_late_cases(now=now + timedelta(minutes=4)) == 0
    assert note_late_cases(now=now + timedelta(minutes=6)) == 1
    assert note_late_cases(now=now + timedelta(minutes=31)) == 1
    assert note_late_cases(now=now + timedelta(days=6)) == 2
    assert note_late_cases(now=now + timedelta(days=6)) == 0
    told = [
        [e.data["promise"] for e in case.events.filter(kind="late").order_by("pk")]
        for case in (spoken, written)
    ]
    assert told == [["forward", "answer"], ["news", "answer"]]
    assert not spoken.events.filter(kind="late", public=True).exists()
