"""An agency accepts, asks, answers and resolves; others do not even know of the case."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.core.errors import NotFound, Refusal, Stale
from hotline.domain.cases import selectors
from hotline.domain.cases.models import Case, Stage
from hotline.domain.city.model import City
from hotline.domain.history.selectors import entries_of
from hotline.usecases.accept_case import accept_case
from hotline.usecases.answer_case import answer_case
from hotline.usecases.ask_citizen import ask_citizen
from hotline.usecases.forward_case import forward_case
from hotline.usecases.note_case import note_case
from hotline.usecases.read_contact import read_contact
from hotline.usecases.resolve_case import resolve_case
from tests import stories
from tests.people import CITIZEN_E164, People

pytestmark = pytest.mark.django_db

Act = Callable[..., Case]
ACTS: list[Act] = [answer_case, ask_citizen, resolve_case, note_case]


@pytest.fixture
def case(city: City, now: datetime) -> Case:
    return stories.web_report(now)


def test_from_accepting_to_resolving(case: Case, people: People, now: datetime) -> None:
    officer = people.officer
    case = accept_case(user=officer, case=case.code, seen_version=case.version, now=now)
    assert case.stage == Stage.ACCEPTED
    later = now + timedelta(hours=1)
    case = answer_case(
        user=officer, case=case.code, seen_version=case.version, text="Đã giao gạo.", now=later
    )
    assert case.stage == Stage.ANSWERED
    case = resolve_case(
        user=officer, case=case.code, seen_version=case.version, text="Đã xong.", now=later
    )
    assert case.stage == Stage.RESOLVED
    assert case.resolved_at == later
    hop = case.referrals.get()
    assert (hop.accepted_at, hop.answered_at, hop.ended_at) == (now, later, later)
    lines = selectors.timeline_of(officer, case)
    assert [line.kind for line in lines] == [
        "received",
        "forwarded",
        "accepted",
        "answered",
        "resolved",
    ]
    assert lines[3].words == "Đã giao gạo."


@pytest.mark.parametrize("act", ACTS)
def test_another_agencys_officer_finds_nothing(
    case: Case, people: People, now: datetime, act: Act
) -> None:
    with pytest.raises(NotFound):
        selectors.case_for(people.other_officer, case.code)
    with pytest.raises(NotFound):
        act(user=people.other_officer, case=case.code, seen_version=1, text="x", now=now)
    with pytest.raises(NotFound):
        accept_case(user=people.other_officer, case=case.code, seen_version=1, now=now)
    with pytest.raises(NotFound):
        read_contact(user=people.other_officer, case=case.code, now=now)


@pytest.mark.parametrize("act", ACTS)
def test_an_observer_sees_but_changes_nothing(
    case: Case, people: People, now: datetime, act: Act
) -> None:
    assert selectors.case_for(people.observer, case.code) == case
    with pytest.raises(Refusal) as refused:
        act(user=people.observer, case=case.code, seen_version=case.version, text="x", now=now)
    assert refused.value.code == "not_allowed"


@pytest.mark.parametrize("act", [answer_case, ask_citizen, resolve_case])
def test_an_agency_accepts_before_it_acts(
    case: Case, people: People, now: datetime, act: Act
) -> None:
    with pytest.raises(Refusal) as refused:
        act(user=people.officer, case=case.code, seen_version=case.version, text="x", now=now)
    assert refused.value.code == "wrong_stage"


def test_the_contact_is_shown_once_accepted_and_each_reading_is_kept(
    case: Case, people: People, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        read_contact(user=people.officer, case=case.code, now=now)
    assert refused.value.code == "not_accepted"
    hidden = {a.slot: a for a in selectors.answers_of(people.officer, case)}
    assert hidden["reporter_phone"].hidden
    assert hidden["reporter_phone"].value is None
    assert hidden["place"].detail == ""
    case = accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    seen = {a.slot: a for a in selectors.answers_of(people.officer, case)}
    assert seen["reporter_phone"].value == CITIZEN_E164
    assert seen["place"].detail == stories.STREET
    details = read_contact(user=people.officer, case=case.code, now=now)
    read_contact(user=people.operator, case=case.code, now=now)
    assert details.reporter_phone == CITIZEN_E164
    reads = [e for e in entries_of(f"case:{case.code}") if e.verb == "read_contact"]
    assert {e.actor for e in reads} == {people.officer, people.operator}


def test_observers_see_no_personal_data(case: Case, people: People, now: datetime) -> None:
    seen = {a.slot: a for a in selectors.answers_of(people.observer, case)}
    assert seen["reporter_phone"].hidden
    assert seen["details"].hidden
    assert seen["details"].value is None
    assert seen["place"].detail == ""
    assert seen["need"].value == "necessities"
    with pytest.raises(Refusal):
        read_contact(user=people.observer, case=case.code, now=now)


def test_once_forwarded_on_the_first_agency_no_longer_sees_it(
    case: Case, people: People, now: datetime
) -> None:
    case = accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    case = forward_case(
        user=people.operator,
        case=case.code,
        seen_version=case.version,
        agency=stories.OTHER_AGENCY,
        reason="Người dân đã chuyển chỗ ở.",
        now=now,
    )
    with pytest.raises(NotFound):
        selectors.case_for(people.officer, case.code)
    assert selectors.case_for(people.other_officer, case.code).stage == Stage.FORWARDED
    assert not selectors.contact_visible(people.other_officer, case)
    assert case.referrals.filter(ended_at=None).count() == 1
    assert case.first_forwarded_at == now


def test_one_forwards_to_what_routing_gives_or_says_why_not(
    people: People, city: City, now: datetime
) -> None:
    case = stories.voice_report(now)
    with pytest.raises(Refusal) as refused:
        forward_case(user=people.operator, case=case.code, seen_version=case.version, now=now)
    assert refused.value.code == "undecided"
    with pytest.raises(Refusal) as refused:
        forward_case(
            user=people.operator,
            case=case.code,
            seen_version=case.version,
            agency=stories.HOME_AGENCY,
            now=now,
        )
    assert refused.value.code == "empty_text"
    with pytest.raises(NotFound):
        forward_case(
            user=people.operator,
            case=case.code,
            seen_version=case.version,
            agency="nowhere",
            reason="vì",
            now=now,
        )
    with pytest.raises(NotFound):
        forward_case(user=people.officer, case=case.code, seen_version=1, now=now)


def test_of_two_people_only_the_first_writes_and_the_second_is_told(
    case: Case, people: People, now: datetime
) -> None:
    seen = case.version
    note_case(user=people.operator, case=case.code, seen_version=seen, text="một", now=now)
    with pytest.raises(Stale):
        note_case(
            user=people.second_operator, case=case.code, seen_version=seen, text="hai", now=now
        )
    case.refresh_from_db()
    assert case.version == seen + 1
    assert case.events.filter(kind="noted").count() == 1


def test_the_same_form_sent_twice_is_one_act_and_another_text_is_told(
    case: Case, people: People, now: datetime
) -> None:
    seen = case.version
    for _ in range(2):
        note_case(user=people.operator, case=case.code, seen_version=seen, text="một", now=now)
    assert case.events.filter(kind="noted").count() == 1
    with pytest.raises(Stale):
        note_case(user=people.operator, case=case.code, seen_version=seen, text="hai", now=now)
