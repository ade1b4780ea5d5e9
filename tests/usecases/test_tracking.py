"""A citizen follows the case by its code."""

from datetime import datetime, timedelta

import pytest

from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.exchange import Typed
from hotline.domain.cases import codes
from hotline.domain.cases.models import Case, Stage
from hotline.domain.city.model import City
from hotline.usecases.accept_case import accept_case
from hotline.usecases.add_words import add_words
from hotline.usecases.answer_case import answer_case
from hotline.usecases.ask_citizen import ask_citizen
from hotline.usecases.note_case import note_case
from hotline.usecases.open_case import open_case, reopen_case
from hotline.usecases.track_case import track_case
from tests import stories
from tests.people import People

pytestmark = pytest.mark.django_db

LAST_DIGITS = "4567"


@pytest.fixture
def case(city: City, now: datetime) -> Case:
    return stories.web_report(now)


def test_the_code_alone_shows_stage_and_dates_and_nothing_else(
    case: Case, people: People, now: datetime
) -> None:
    later = now + timedelta(minutes=9)
    accept_case(user=people.officer, case=case.code, seen_version=case.version, now=later)
    spaced = f"{case.code[:3]} {case.code[3:6]}-{case.code[6:]}"
    seen = track_case(code=spaced, now=later)
    assert seen.stage == Stage.ACCEPTED
    assert (seen.received_at, seen.forwarded_at, seen.accepted_at) == (now, now, later)
    assert seen.answered_at is None
    assert not seen.late
    assert track_case(code=case.code, now=now + timedelta(days=6)).late
    shown = repr(seen)
    assert "4567" not in shown
    assert stories.WORDS not in shown
    assert stories.HOME_AGENCY not in shown


def test_a_mistyped_code_is_told_from_an_unknown_one(case: Case, now: datetime) -> None:
    swapped = case.code[:-1] + str((int(case.code[-1]) + 1) % 10)
    for wrong in (swapped, "", "12345", "abcdefghi", "١٢٣٤٥٦٧٨٩", "0" * 9, case.code * 2):
        with pytest.raises(Refusal) as refused:
            track_case(code=wrong, now=now)
        assert refused.value.code == "mistyped_code"
    unknown = next(code for code in iter(codes.new_code, "") if code != case.code)
    with pytest.raises(NotFound):
        track_case(code=unknown, now=now)


def test_the_last_digits_of_the_phone_open_the_case(
    case: Case, people: People, now: datetime
) -> None:
    case = accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    case = note_case(
        user=people.officer, case=case.code, seen_version=case.version, text="nội bộ", now=now
    )
    answer_case(
        user=people.officer, case=case.code, seen_version=case.version, text="Đã giao.", now=now
    )
    opened = open_case(code=case.code, proof=LAST_DIGITS, now=now)
    assert [line.kind for line in opened.lines] == [
        "received",
        "forwarded",
        "accepted",
        "answered",
    ]
    assert opened.lines[-1].words == "Đã giao."
    assert opened.agency is not None
    assert "nội bộ" not in repr(opened)


def test_the_pin_opens_the_case_and_a_wrong_one_does_not(city: City, now: datetime) -> None:
    talk = stories.fill(stories.open_form(now))
    assert talk.turn.code
    assert talk.turn.pin
    assert open_case(code=talk.turn.code, proof=talk.turn.pin, now=now).token
    wrong = f"{(int(talk.turn.pin) + 1) % 10**6:06}"
    with pytest.raises(Refusal) as refused:
        open_case(code=talk.turn.code, proof=wrong, now=now)
    assert refused.value.code == "wrong_proof"


@pytest.mark.parametrize(
    "proof", ["", "1", "567", "34567", "+84901234567", "x" * 10_000, "４５６７"]
)
def test_nothing_else_is_a_proof(case: Case, now: datetime, proof: str) -> None:
    with pytest.raises(Refusal) as refused:
        open_case(code=case.code, proof=proof, now=now)
    assert refused.value.code == "wrong_proof"


def test_after_five_wrong_proofs_even_the_right_one_must_wait(case: Case, now: datetime) -> None:
    for _ in range(5):
        with pytest.raises(Refusal, match="do not belong"):
            open_case(code=case.code, proof="0000", now=now)
    with pytest.raises(Refusal) as refused:
        open_case(code=case.code, proof=LAST_DIGITS, now=now + timedelta(minutes=14))
    assert refused.value.code == "too_many_attempts"
    opened = open_case(code=case.code, proof=LAST_DIGITS, now=now + timedelta(minutes=16))
    assert opened.lines


def test_a_token_opens_the_case_for_an_hour_and_only_this_one(case: Case, now: datetime) -> None:
    other = stories.web_report(now, details=Typed("việc khác"))
    token = open_case(code=case.code, proof=LAST_DIGITS, now=now).token
    assert reopen_case(code=case.code, token=token, now=now + timedelta(minutes=59)).lines
    for code, given, at in (
        (case.code, token, now + timedelta(minutes=61)),
        (other.code, token, now),
        (case.code, token[:-2] + "xx", now),
        (case.code, "", now),
    ):
        with pytest.raises(Refusal) as refused:
            reopen_case(code=code, token=given, now=at)
        assert refused.value.code == "expired"


def test_a_question_is_answered_and_the_case_goes_back_to_the_agency(
    case: Case, people: People, now: datetime
) -> None:
    case = accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    ask_citizen(
        user=people.officer,
        case=case.code,
        seen_version=case.version,
        text="Nhà ở tầng mấy?",
        now=now,
    )
    opened = open_case(code=case.code, proof=LAST_DIGITS, now=now)
    assert opened.question == "Nhà ở tầng mấy?"
    answered = add_words(code=case.code, token=opened.token, text="Tầng 3.", now=now)
    assert answered.question is None
    assert answered.lines[-1].words == "Tầng 3."
    case.refresh_from_db()
    assert case.stage == Stage.ACCEPTED


def test_the_same_words_sent_twice_are_added_once(case: Case, now: datetime) -> None:
    token = open_case(code=case.code, proof=LAST_DIGITS, now=now).token
    for _ in range(2):
        add_words(code=case.code, token=token, text="Thêm: có người ốm.", now=now)
    assert case.events.filter(kind="added").count() == 1


def test_empty_and_endless_words_are_refused_with_a_reason(case: Case, now: datetime) -> None:
    token = open_case(code=case.code, proof=LAST_DIGITS, now=now).token
    for text, code in ((" \u200b\n", "empty_text"), ("a" * 10_001, "text_too_long")):
        with pytest.raises(Refusal) as refused:
            add_words(code=case.code, token=token, text=text, now=now)
        assert refused.value.code == code
    assert not case.events.filter(kind="added").exists()
