"""Operators hear what was said and write it down."""

from datetime import datetime, timedelta

import pytest

from hotline.core.errors import NotFound, Refusal, Stale
from hotline.dialogue.exchange import Keys
from hotline.dialogue.state import Source
from hotline.domain.cases import answers, listening
from hotline.domain.cases.models import Case, ListeningTask, Stage
from hotline.domain.city.model import City
from hotline.usecases.claim_listening import claim_listening
from hotline.usecases.complete_listening import complete_listening
from hotline.usecases.operators_words import Heard, WrongAnswers
from hotline.usecases.release_listening import release_listening
from tests import stories
from tests.people import People

pytestmark = pytest.mark.django_db

HEARD = {
    "place": Heard("", stories.HOME, stories.STREET),
    "details": Heard(stories.WORDS),
}


def test_a_call_that_was_heard_equals_the_report_on_the_web(
    city: City, now: datetime, people: People
) -> None:
    written = stories.web_report(now)
    spoken = stories.voice_report(now)
    assert claim_listening(user=people.operator, now=now) == spoken.code
    done = complete_listening(
        user=people.operator,
        case=spoken.code,
        seen_version=spoken.version,
        answers=HEARD,
        now=now + timedelta(minutes=2),
    )

    def slots(case: Case) -> dict[str, tuple[str | None, str]]:
        return {
            key: (kept.answer.value, kept.answer.detail) for key, kept in answers.read(case).items()
        }

    assert slots(done) == slots(written)
    assert done.agency == written.agency
    assert done.stage == Stage.FORWARDED
    assert done.place == written.place
    assert done.forward_due == spoken.created_at + timedelta(minutes=5)
    assert listening.backlog(now).waiting == 0


def test_the_recording_stays_with_the_words(city: City, now: datetime, people: People) -> None:
    spoken = stories.voice_report(now)
    done = complete_listening(
        user=people.operator,
        case=spoken.code,
        seen_version=spoken.version,
        answers=HEARD,
        now=now,
    )
    place = answers.read(done)["place"].answer
    assert place.source is Source.OPERATOR
    assert place.recording
    assert place.seconds == 4.0


def test_urgent_comes_first_then_the_oldest(city: City, now: datetime, people: People) -> None:
    calm = stories.choose(stories.ring(now, number="0911111111"))
    stories.answer_by_voice(calm, {**stories.KEYED, "need": Keys("2")})
    stories.voice_report(now + timedelta(minutes=1), number="0922222222")
    first_urgent = ListeningTask.objects.get(urgent=True)
    stories.voice_report(now + timedelta(minutes=2), number="0933333333")
    assert claim_listening(user=people.operator, now=now) == first_urgent.case.code
    backlog = listening.backlog(now)
    assert (backlog.waiting, backlog.urgent, backlog.claimed) == (3, 2, 1)
    assert backlog.oldest == now


def test_two_operators_get_two_cases_and_one_keeps_ones_own(
    city: City, now: datetime, people: People
) -> None:
    stories.voice_report(now, number="0911111111")
    stories.voice_report(now, number="0922222222")
    first = claim_listening(user=people.operator, now=now)
    second = claim_listening(user=people.second_operator, now=now)
    assert {first, second} - {None}
    assert first != second
    assert claim_listening(user=people.operator, now=now) == first
    assert claim_listening(user=people.supervisor, now=now) is None


def test_a_claim_runs_out_after_15_minutes(city: City, now: datetime, people: People) -> None:
    case = stories.voice_report(now)
    claim_listening(user=people.operator, now=now)
    later = now + timedelta(minutes=15)
    assert claim_listening(user=people.second_operator, now=now + timedelta(minutes=14)) is None
    assert claim_listening(user=people.second_operator, now=later) == case.code
    with pytest.raises(Refusal) as refused:
        complete_listening(
            user=people.operator,
            case=case.code,
            seen_version=case.version,
            answers=HEARD,
            now=later,
        )
    assert refused.value.code == "claimed"


def test_what_is_given_back_goes_to_the_next(city: City, now: datetime, people: People) -> None:
    case = stories.voice_report(now)
    claim_listening(user=people.operator, now=now)
    release_listening(user=people.second_operator, case=case.code, now=now)
    assert claim_listening(user=people.second_operator, now=now) is None
    release_listening(user=people.operator, case=case.code, now=now)
    assert claim_listening(user=people.second_operator, now=now) == case.code


def test_wrong_answers_are_all_named_and_nothing_is_written(
    city: City, now: datetime, people: People
) -> None:
    case = stories.voice_report(now)
    with pytest.raises(WrongAnswers) as refused:
        complete_listening(
            user=people.operator,
            case=case.code,
            seen_version=case.version,
            answers={
                "place": Heard("", "no-such-place", "12"),
                "details": Heard(" "),
                "household": Heard("nhiều"),
            },
            now=now,
        )
    assert set(refused.value.problems) == {"place", "details", "household"}
    assert all(refused.value.problems.values())
    case.refresh_from_db()
    assert answers.read(case)["household"].answer.value == "4"
    assert case.listening.done_at is None


def test_saving_twice_is_done_once_and_a_stale_page_is_told(
    city: City, now: datetime, people: People
) -> None:
    case = stories.voice_report(now)
    seen = case.version
    for _ in range(2):
        complete_listening(
            user=people.operator, case=case.code, seen_version=seen, answers=HEARD, now=now
        )
    assert case.events.filter(kind="listened").count() == 1
    with pytest.raises(Stale):
        complete_listening(
            user=people.second_operator,
            case=case.code,
            seen_version=seen,
            answers={"details": Heard("khác")},
            now=now,
        )
    assert answers.read(case)["details"].answer.value == stories.WORDS


def test_an_incomplete_case_is_completed_by_ear(city: City, now: datetime, people: People) -> None:
    talk = stories.answer_by_voice(stories.choose(stories.ring(now)), until="reporter_phone")
    talk.say(Keys(city.menu.operator_key))
    case = talk.case()
    done = complete_listening(
        user=people.operator,
        case=case.code,
        seen_version=case.version,
        answers={**HEARD, "reporter_phone": Heard("0901234567")},
        now=now,
    )
    assert done.complete
    assert done.agency is not None
    assert done.agency.code == stories.HOME_AGENCY


def test_only_the_desk_listens(city: City, now: datetime, people: People) -> None:
    case = stories.voice_report(now)
    with pytest.raises(Refusal):
        claim_listening(user=people.observer, now=now)
    with pytest.raises(NotFound):
        complete_listening(
            user=people.officer, case=case.code, seen_version=1, answers=HEARD, now=now
        )
