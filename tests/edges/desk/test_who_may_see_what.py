"""Each role sees what it needs, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from hotline.domain.history.models import Entry
from hotline.usecases.accept_case import accept_case
from tests import stories
from tests.edges.staff import moment, signed_in
from tests.people import CITIZEN, People

pytestmark = pytest.mark.django_db
NUMBER = f"{CITIZEN[:4]} {CITIZEN[4:7]} {CITIZEN[7:]}"


@pytest.mark.parametrize(
    "address",
    ["/desk/", "/desk/listen/", "/desk/call-backs/", "/desk/case/123456789/", "/agency/"],
)
def test_a_citizen_is_asked_to_sign_in(client: Client, people: People, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_operators_supervisors_and_administrators_have_the_whole_desk(people: People) -> None:
    case = stories.web_report(moment())
    for user in (people.operator, people.supervisor, people.administrator):
        client = signed_in(user)
        for address in ("/desk/", "/desk/listen/", "/desk/call-backs/", f"/desk/case/{case.code}/"):
            assert client.get(address).status_code == 200


def test_officers_have_no_desk_and_operators_no_agency(people: People) -> None:
    assert signed_in(people.officer).get("/desk/").status_code == 403
    assert signed_in(people.officer).get("/desk/listen/").status_code == 403
    assert signed_in(people.operator).get("/agency/").status_code == 403


def test_everybody_begins_where_their_work_is(people: People) -> None:
    home = reverse("home_of_role")
    assert signed_in(people.officer).get(home)["Location"] == reverse("agency:cases")
    for user in (people.operator, people.supervisor, people.observer, people.administrator):
        assert signed_in(user).get(home)["Location"] == reverse("desk:inbox")


def test_observers_read_the_list_but_no_personal_data_and_change_nothing(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.observer)
    page = client.get(f"/desk/case/{case.code}/")
    assert page.status_code == 200
    words = page.content.decode()
    assert stories.WORDS not in words
    assert stories.STREET not in words
    assert NUMBER not in words
    assert CITIZEN not in words
    assert '<form method="post" action="/desk/' not in words
    assert client.get("/desk/?tab=all").content.decode().count(case.code) >= 1
    for address in ("/desk/listen/", "/desk/call-backs/"):
        assert client.get(address).status_code == 403
    for address in (f"/desk/case/{case.code}/note/", f"/desk/case/{case.code}/contact/"):
        assert client.post(address, {"seen_version": "2", "text": "x"}).status_code == 403


def test_an_officer_sees_the_case_of_the_own_agency_and_others_get_404(people: People) -> None:
    case = stories.web_report(moment())
    address = f"/agency/case/{case.code}/"
    assert signed_in(people.officer).get(address).status_code == 200
    other = signed_in(people.other_officer)
    assert other.get(address).status_code == 404
    for verb in ("accept", "ask", "answer", "resolve", "note"):
        posted = other.post(f"{address}{verb}/", {"seen_version": case.version, "text": "Xin chào"})
        assert posted.status_code == 404
    assert other.post(f"{address}contact/").status_code == 404
    case.refresh_from_db()
    assert not case.events.filter(actor=people.other_officer).exists()
    assert case.code not in other.get("/agency/?tab=all").content.decode()


def test_the_agency_sees_the_contact_only_once_it_has_accepted(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.officer)
    address = f"/agency/case/{case.code}/"
    before = client.get(address).content.decode()
    assert stories.STREET not in before
    refused = client.post(f"{address}contact/", follow=True).content.decode()
    assert CITIZEN not in refused
    assert not Entry.objects.filter(verb="read_contact").exists()

    accept_case(user=people.officer, case=case.code, seen_version=case.version, now=moment())
    page = client.get(address).content.decode()
    assert stories.STREET in page
    assert CITIZEN not in page
    assert CITIZEN in client.post(f"{address}contact/").content.decode()


def test_each_reading_of_a_contact_stands_in_the_history(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.operator)
    assert CITIZEN not in client.get(f"/desk/case/{case.code}/").content.decode()
    for times in (1, 2):
        shown = client.post(f"/desk/case/{case.code}/contact/", HTTP_HX_REQUEST="true")
        assert CITIZEN in shown.content.decode()
        read = Entry.objects.filter(verb="read_contact", subject=f"case:{case.code}")
        assert read.filter(actor=people.operator).count() == times


def test_a_recording_is_only_for_those_who_may_hear_it(people: People) -> None:
    case = stories.voice_report(moment())
    page = signed_in(people.operator).get(f"/desk/case/{case.code}/")
    sounds = [answer.sound.id for answer in page.context["page"].answers if answer.sound]
    assert len(sounds) == 2
    address = f"/recording/{sounds[0]}.wav"
    assert signed_in(people.operator).get(f"/desk{address}").content[:4] == b"RIFF"
    assert signed_in(people.observer).get(f"/desk{address}").status_code == 404
    assert signed_in(people.officer).get(f"/agency{address}").status_code == 404
    assert Client().get(f"/desk{address}").status_code == 302
    assert Entry.objects.filter(verb="play_recording").count() == 1


def test_staff_pages_stay_in_no_cache(people: People) -> None:
    case = stories.web_report(moment())
    response = signed_in(people.operator).get(f"/desk/case/{case.code}/")
    assert "no-store" in response["Cache-Control"]
    assert "'unsafe" not in response["Content-Security-Policy"]
