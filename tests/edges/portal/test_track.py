"""Following a report: the code alone shows stage and dates, a proof opens the rest."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from hotline.domain.cases.codes import new_code
from hotline.domain.cases.models import Case, Stage
from hotline.usecases.accept_case import accept_case
from hotline.usecases.answer_case import answer_case
from hotline.usecases.ask_citizen import ask_citizen
from hotline.usecases.resolve_case import resolve_case
from tests.edges.portal.paper import Citizen, Page, code_on, pin_on
from tests.people import CITIZEN, People
from tests.stories import WORDS

pytestmark = pytest.mark.django_db
ANSWER = "Tổ công tác đã mang gạo đến lúc 10 giờ."
QUESTION = "Nhà có mấy cháu nhỏ?"


@pytest.fixture
def case(citizen: Citizen) -> Case:
    return citizen.report()


@pytest.fixture
def stranger(case: Case) -> Citizen:
    """Somebody with another browser, who may know the code."""
    return Citizen(Client())


def _prove(who: Citizen, case: Case, proof: str) -> Page:
    return who.post(f"/track/{case.code}/open/", {"proof": proof})


def _accept(case: Case, people: People) -> int:
    now = datetime.now(UTC)
    seen = Case.objects.get(pk=case.pk).version
    return accept_case(user=people.officer, case=case.code, seen_version=seen, now=now).version


def _do(verb: str, case: Case, people: People, words: str) -> None:
    verbs = {"answer": answer_case, "ask": ask_citizen, "resolve": resolve_case}
    verbs[verb](
        user=people.officer,
        case=case.code,
        seen_version=_accept(case, people),
        text=words,
        now=datetime.now(UTC),
    )


def test_the_code_alone_shows_the_stage_and_nothing_personal(
    stranger: Citizen, case: Case, people: People
) -> None:
    _do("answer", case, people, ANSWER)
    page = stranger.get(f"/track/?code={case.code}")
    assert page.path == f"/track/{case.code}/"
    assert page.html.count('aria-current="step"') == 1
    for secret in (ANSWER, WORDS, CITIZEN[-4:], "Trần Quốc Thảo"):
        assert secret not in page.html


@pytest.mark.parametrize("shape", ["{0} {1} {2}", "{0}-{1}-{2}", " {0}.{1}.{2} "])
def test_a_code_is_taken_as_people_write_it(stranger: Citizen, case: Case, shape: str) -> None:
    typed = shape.format(case.code[:3], case.code[3:6], case.code[6:])
    assert stranger.get(f"/track/?code={typed}").path == f"/track/{case.code}/"


def test_a_mistyped_code_is_told_from_one_that_nobody_has(stranger: Citizen, case: Case) -> None:
    last = str((int(case.code[-1]) + 1) % 10)
    mistyped = stranger.get(f"/track/?code={case.code[:-1]}{last}")
    unknown = stranger.get(f"/track/?code={new_code()}")
    assert mistyped.refused
    assert unknown.refused
    assert mistyped.text != unknown.text
    assert mistyped.fields["code"] == f"{case.code[:-1]}{last}"


@pytest.mark.parametrize("code", ["", "abc", "0", "٣" * 9, "1" * 5000, "<b>", "🙂", "%00"])
def test_what_is_no_code_gets_a_sentence(citizen: Citizen, code: str) -> None:
    assert citizen.get(f"/track/?code={code}").refused
    if code and "<" not in code:
        assert citizen.get(f"/track/{code}/").refused


def test_the_last_digits_of_the_number_open_the_answers(
    stranger: Citizen, case: Case, people: People
) -> None:
    _do("answer", case, people, ANSWER)
    page = _prove(stranger, case, CITIZEN[-4:])
    assert ANSWER in page.html
    assert page.path == f"/track/{case.code}/"
    assert ANSWER in stranger.get(f"/track/{case.code}/").html


def test_the_pin_opens_the_answers(citizen: Citizen, people: People) -> None:
    sent = citizen.send(citizen.walk())
    case = Case.objects.get(code=code_on(sent))
    _do("resolve", case, people, ANSWER)
    assert ANSWER in _prove(Citizen(Client()), case, pin_on(sent)).html


def test_a_wrong_proof_opens_nothing_and_is_limited(
    stranger: Citizen, case: Case, people: People
) -> None:
    _do("answer", case, people, ANSWER)
    answers = [_prove(stranger, case, wrong) for wrong in ("0000", "1111", "", "abcd", "123456")]
    assert [page.status for page in answers] == [422] * 5
    # Now even the right digits must wait, or guessing would pay.
    late = _prove(stranger, case, CITIZEN[-4:])
    assert late.status == 429
    assert ANSWER not in late.html


def test_an_answer_to_the_agencys_question_reaches_the_case(
    stranger: Citizen, case: Case, people: People
) -> None:
    _do("ask", case, people, QUESTION)
    page = _prove(stranger, case, CITIZEN[-4:])
    assert page.html.count(QUESTION) == 2  # in what was said, and above the field
    page = stranger.post(f"/track/{case.code}/", {"words": "Hai cháu <b>nhỏ</b>"})
    assert "Hai cháu &lt;b&gt;nhỏ&lt;/b&gt;" in page.html
    case.refresh_from_db()
    assert case.stage == Stage.ACCEPTED


def test_the_same_words_sent_twice_are_added_once(stranger: Citizen, case: Case) -> None:
    _prove(stranger, case, CITIZEN[-4:])
    for _ in range(2):
        page = stranger.post(f"/track/{case.code}/", {"words": "Thêm: có người già"})
    assert page.html.count("Thêm: có người già") == 1


@pytest.mark.parametrize("words", ["", "   ", "a" * 10_001])
def test_words_that_cannot_be_taken_stay_in_the_form(
    stranger: Citizen, case: Case, words: str
) -> None:
    _prove(stranger, case, CITIZEN[-4:])
    page = stranger.post(f"/track/{case.code}/", {"words": words})
    assert page.refused
    assert page.fields.get("words", "").strip() == words.strip()


def test_without_a_proof_nothing_can_be_added(stranger: Citizen, case: Case) -> None:
    version = case.version
    page = stranger.post(f"/track/{case.code}/", {"words": "Không phải của tôi"})
    case.refresh_from_db()
    assert case.version == version
    assert 'name="proof"' in page.html
    assert 'name="words"' not in page.html


def test_the_proof_of_one_report_opens_no_other(citizen: Citizen, people: People) -> None:
    first = citizen.report()
    other = Citizen(Client())
    second = other.report(reporter_phone={"answer": "0912345678"})
    _do("answer", second, people, ANSWER)
    _prove(other, first, CITIZEN[-4:])
    stranger = Citizen(Client())
    _prove(stranger, first, CITIZEN[-4:])
    assert ANSWER not in stranger.get(f"/track/{second.code}/").html


def test_a_report_that_was_closed_asks_for_the_proof_again(
    stranger: Citizen, case: Case, people: People
) -> None:
    _do("answer", case, people, ANSWER)
    _prove(stranger, case, CITIZEN[-4:])
    page = stranger.post(f"/track/{case.code}/close/", {})
    assert ANSWER not in page.html


def test_who_has_just_sent_goes_to_the_report_without_a_proof(citizen: Citizen) -> None:
    case = citizen.report()
    assert 'name="words"' in citizen.get(f"/track/{case.code}/").html
