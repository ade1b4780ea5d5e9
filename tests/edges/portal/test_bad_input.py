"""Whatever is typed: a clear sentence, nothing lost, nothing broken."""

import unicodedata

import pytest

from hotline.domain.cases.models import Case
from hotline.domain.cases.selectors import answers_of
from tests.edges.portal.paper import Citizen
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("wrong", ["", "abc", "-1", "0", "51", "1.5", "9" * 400, "<b>4</b>"])
def test_a_number_out_of_bounds_is_refused_and_stays_on_the_page(
    citizen: Citizen, wrong: str
) -> None:
    citizen.walk("household")
    page = citizen.answer("household", answer=wrong)
    assert page.status == 422
    assert page.refused
    assert page.fields["answer"] == wrong
    assert {"answer", "answer-error", "errors-title"} <= page.ids


@pytest.mark.parametrize("wrong", ["", "123", "115", "chưa có", "+999999999999999", "🙂"])
def test_a_number_that_cannot_be_called_is_refused_and_stays_on_the_page(
    citizen: Citizen, wrong: str
) -> None:
    citizen.walk("reporter_phone")
    page = citizen.answer("reporter_phone", answer=wrong)
    assert page.refused
    assert page.fields["answer"] == wrong
    assert not Case.objects.exists()


def test_a_foreign_number_is_taken(citizen: Citizen, people: People) -> None:
    case = citizen.report(reporter_phone={"answer": "+33 6 12 34 56 78"})
    told = {answer.slot: answer.value for answer in answers_of(people.operator, case)}
    assert told["reporter_phone"] == "+33612345678"


@pytest.mark.parametrize("wrong", ["", "no-such-option", "necessities'; DROP TABLE cases_case; --"])
def test_a_choice_that_is_not_offered_is_refused(citizen: Citizen, wrong: str) -> None:
    citizen.begin()
    assert citizen.answer("need", answer=wrong).refused


def test_a_text_that_is_too_long_stays_whole_on_the_page(citizen: Citizen) -> None:
    citizen.walk("details")
    long = "Đói lắm ạ. " * 910  # 10,010 characters
    page = citizen.answer("details", answer=long)
    assert page.refused
    assert page.fields["answer"] == long


def test_html_is_shown_as_it_was_typed_and_never_run(citizen: Citizen) -> None:
    citizen.walk("details")
    citizen.answer("details", answer="<script>alert(1)</script> & 'x' \"y\"")
    check = citizen.get(f"{citizen.root}check/")
    page = citizen.get(f"{citizen.root}ask/details/")
    assert "<script>alert" not in check.html + page.html
    assert page.fields["answer"] == "<script>alert(1)</script> & 'x' \"y\""


def test_emoji_lines_and_decomposed_letters_arrive_as_typed_and_composed(
    citizen: Citizen, people: People
) -> None:
    typed = unicodedata.normalize("NFD", "Hết gạo 🙏\r\nCó cháu nhỏ")
    case = citizen.report(details={"answer": typed})
    told = {answer.slot: answer.value for answer in answers_of(people.operator, case)}
    assert told["details"] == "Hết gạo 🙏\nCó cháu nhỏ"


@pytest.mark.parametrize("place", ["", "no-such-place", "79.760.26734' OR 1=1"])
def test_a_place_that_cannot_be_picked_is_refused_and_the_street_stays(
    citizen: Citizen, place: str
) -> None:
    citizen.walk("place")
    page = citizen.answer("place", place=place, detail="12 Lê Lợi")
    assert page.refused
    assert page.fields["detail"] == "12 Lê Lợi"


def test_an_unknown_branch_is_a_page_that_does_not_exist(citizen: Citizen) -> None:
    for path in ("/report/zz/", "/report/zz/ask/need/", "/report/%00/", "/report/zz/photos/"):
        assert citizen.get(path).status == 404, path
    assert citizen.post("/report/zz/ask/need/", {"answer": "x"}).status == 404
