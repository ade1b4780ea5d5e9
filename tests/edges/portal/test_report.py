"""The report page by page: back and forth without loss, and exactly one case."""

import pytest
from django.test import Client

from hotline.dialogue.state import Source
from hotline.domain.cases.models import Case
from hotline.domain.cases.selectors import answers_of
from hotline.domain.contacts.models import Contact
from tests.edges.portal.paper import ORDER, Citizen, code_on, pin_on
from tests.people import People
from tests.stories import HOME, HOME_AGENCY, STREET, WORDS

pytestmark = pytest.mark.django_db


def test_one_question_a_page_leads_to_a_case_at_its_agency(
    citizen: Citizen, people: People
) -> None:
    case = citizen.report()

    assert case.complete
    assert case.channel == "web"
    assert case.agency is not None
    assert case.agency.code == HOME_AGENCY
    told = {a.slot: (a.value, a.detail, a.source) for a in answers_of(people.operator, case)}
    assert told == {
        "need": ("necessities", "", Source.TYPED),
        "for_whom": ("self", "", Source.TYPED),
        "household": ("4", "", Source.TYPED),
        "place": (HOME, STREET, Source.TYPED),
        "details": (WORDS, "", Source.TYPED),
        "reporter_phone": ("+84901234567", "", Source.TYPED),
    }


def test_pages_come_in_the_order_of_the_script_with_photos_after_the_words(
    citizen: Citizen,
) -> None:
    seen = []
    page = citizen.begin()
    while page.asks != "check":
        seen.append(page.asks)
        page = citizen.photos() if page.asks == "photos" else citizen.answer(page.asks)
    assert (*seen, "check") == ORDER


def test_nothing_is_stored_before_the_person_agrees(citizen: Citizen) -> None:
    page = citizen.post(citizen.root, {})
    assert page.status == 422
    assert page.refused
    assert not Contact.objects.exists()


def test_consent_is_kept_with_its_version_and_time(citizen: Citizen) -> None:
    citizen.begin()
    contact = Contact.objects.get()
    assert contact.consent is True
    assert contact.consent_version
    assert contact.consent_at is not None


def test_agreeing_twice_begins_one_report(citizen: Citizen) -> None:
    citizen.begin()
    page = citizen.begin()
    assert page.asks == "need"
    assert Contact.objects.count() == 1


def test_a_report_under_way_is_offered_again_and_can_begin_anew(citizen: Citizen) -> None:
    citizen.walk("place")
    page = citizen.get(citizen.root)
    assert f"{citizen.root}ask/place/" in page.links
    page = citizen.post(citizen.root, {"answer": "yes", "again": "1"})
    assert page.asks == "need"
    assert Contact.objects.count() == 2


def test_back_shows_what_was_answered_and_loses_nothing(citizen: Citizen) -> None:
    citizen.walk("details")
    page = citizen.get(f"{citizen.root}ask/household/")
    assert page.fields["answer"] == "4"
    assert citizen.get(f"{citizen.root}ask/need/").chosen["answer"] == "necessities"
    place = citizen.get(f"{citizen.root}ask/place/")
    assert place.chosen["place"] == HOME
    assert place.fields["detail"] == STREET
    # Going on from there, unchanged, leads page by page to where the person was.
    assert citizen.answer("household").asks == "place"
    assert citizen.answer("place").asks == "details"


def test_an_answer_changed_on_a_page_passed_long_ago_is_the_new_answer(citizen: Citizen) -> None:
    citizen.walk("details")
    assert citizen.answer("household", answer="7").asks == "place"
    assert citizen.get(f"{citizen.root}ask/household/").fields["answer"] == "7"
    assert citizen.get(f"{citizen.root}ask/details/").asks == "details"


def test_one_answer_is_changed_from_the_check_page_and_only_that_one_is_asked(
    citizen: Citizen,
) -> None:
    page = citizen.walk()
    assert f"{citizen.root}ask/household/?change" in page.links
    page = citizen.post(f"{citizen.root}ask/household/", {"answer": "9", "changing": "1"})
    assert page.asks == "check"
    assert " 9 " in page.text


def test_a_change_that_opens_a_new_question_asks_just_that(citizen: Citizen) -> None:
    citizen.walk()
    page = citizen.post(f"{citizen.root}ask/for_whom/", {"answer": "other", "changing": "1"})
    assert page.asks == "subject_phone"
    page = citizen.post(f"{citizen.root}ask/subject_phone/", {"do": "skip", "changing": "1"})
    assert page.asks == "check"


def test_what_may_be_left_out_can_be_left_out(citizen: Citizen, people: People) -> None:
    case = citizen.report(for_whom={"answer": "other"})
    assert "subject_phone" not in {answer.slot for answer in answers_of(people.operator, case)}


def test_a_page_not_reached_yet_leads_to_the_present_question(citizen: Citizen) -> None:
    citizen.walk("household")
    assert citizen.get(f"{citizen.root}ask/reporter_phone/").asks == "household"
    assert citizen.get(f"{citizen.root}check/").asks == "household"
    assert citizen.get(f"{citizen.root}photos/").asks == "household"
    assert citizen.get(f"{citizen.root}sent/").asks == "household"
    assert citizen.get(f"{citizen.root}ask/no-such-slot/").asks == "household"


def test_sending_twice_gives_the_same_code_and_the_same_pin(citizen: Citizen) -> None:
    check = citizen.walk()
    first = citizen.send(check)
    second = citizen.send(check)
    assert code_on(first) == code_on(second)
    assert pin_on(first) == pin_on(second)
    assert Case.objects.count() == 1


def test_an_answer_posted_twice_is_given_once(citizen: Citizen) -> None:
    citizen.walk("household")
    citizen.answer("household")
    steps = Contact.objects.get().step
    assert citizen.answer("household").asks == "place"
    assert Contact.objects.get().step == steps


def test_answers_that_changed_in_another_tab_are_shown_before_sending(citizen: Citizen) -> None:
    check = citizen.walk()
    citizen.answer("household", answer="8")
    page = citizen.send(check)
    assert page.asks == "check"
    assert " 8 " in page.text
    assert not Case.objects.exists()


def test_whose_session_is_gone_gets_their_words_back_and_can_begin_again(
    citizen: Citizen,
) -> None:
    citizen.walk("details")
    citizen.client.cookies.clear()
    page = citizen.answer("details", answer="Hết gạo từ hôm qua")
    assert "Hết gạo từ hôm qua" in page.text
    assert citizen.root.strip("/") in page.html
    assert not Case.objects.exists()


def test_two_branches_in_two_tabs_do_not_meet(citizen: Citizen, client: Client) -> None:
    citizen.walk("place")
    other = Citizen(client, "1")
    other.begin()
    assert citizen.get(f"{citizen.root}ask/place/").asks == "place"
    assert citizen.get(f"{citizen.root}ask/household/").fields["answer"] == "4"


def test_after_closing_the_last_page_neither_code_nor_pin_can_be_seen(citizen: Citizen) -> None:
    sent = citizen.send(citizen.walk())
    code, pin = code_on(sent), pin_on(sent)
    citizen.post(f"{citizen.root}sent/", {})
    page = citizen.get(f"{citizen.root}sent/")
    assert page.asks == "track"
    assert pin not in page.html
    assert code not in page.html
