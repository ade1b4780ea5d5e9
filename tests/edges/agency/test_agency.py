"""An officer's day: accept, ask, answer, resolve."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from PIL import Image
from PIL.ExifTags import IFD

from hotline.dialogue.exchange import Typed
from hotline.domain.cases.models import Case, Stage
from hotline.usecases.attach_photo import attach_photo
from hotline.usecases.keep_photo_location import keep_photo_location
from tests import stories
from tests.edges.staff import moment, send, signed_in
from tests.people import NEIGHBOUR, People

pytestmark = pytest.mark.django_db


def test_new_cases_stand_first_by_what_is_due(people: People) -> None:
    fresh = stories.web_report(moment())
    late = stories.web_report(moment() - timedelta(hours=2), reporter_phone=Typed(NEIGHBOUR))
    page = signed_in(people.officer).get("/agency/")
    assert [shown.row.code for shown in page.context["rows"]] == [late.code, fresh.code]
    counts = {shown.tab: shown.count for shown in page.context["tabs"]}
    assert (counts["forwarded"], counts["overdue"], counts["all"]) == (2, 1, 2)


def test_accept_ask_answer_resolve(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.officer)
    stages = []
    for verb, text in (
        ("accept", ""),
        ("ask", "Nhà mình có mấy trẻ nhỏ?"),
        ("answer", "Chiều nay có người đến."),
        ("resolve", "Đã giao gạo và sữa."),
    ):
        case = Case.objects.get(pk=case.pk)
        assert send(client, case, verb, area="agency", text=text).status_code == 302
        stages.append(Case.objects.get(pk=case.pk).stage)
        assert text in client.get(f"/agency/case/{case.code}/").content.decode()
    assert stages == [Stage.ACCEPTED, Stage.WAITING_CITIZEN, Stage.ANSWERED, Stage.RESOLVED]


def test_only_what_may_be_done_now_is_offered(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.officer)
    page = client.get(f"/agency/case/{case.code}/").content.decode()
    assert f"/agency/case/{case.code}/accept/" in page
    assert f"/agency/case/{case.code}/answer/" not in page
    refused = send(client, case, "answer", area="agency", text="Quá sớm")
    assert refused.status_code == 422
    assert "Quá sớm</textarea>" in refused.content.decode()
    send(client, case, "accept", area="agency")
    page = client.get(f"/agency/case/{case.code}/").content.decode()
    assert f"/agency/case/{case.code}/accept/" not in page
    assert f"/agency/case/{case.code}/answer/" in page


def test_officers_do_not_forward(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.officer)
    own = {"choice": "own", "agency": stories.OTHER_AGENCY, "text": "Không phải việc của tôi"}
    assert send(client, case, "forward", area="agency", **own).status_code == 404
    assert client.post(f"/desk/case/{case.code}/forward/", own).status_code == 403


def test_two_officers_on_one_case_the_second_sees_the_firsts_words(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.officer)
    send(client, case, "accept", area="agency")
    seen = Case.objects.get(pk=case.pk)
    desk = signed_in(people.operator)
    assert send(desk, seen, "note", text="Gia đình này đã được giúp hôm qua.").status_code == 302
    page = send(client, seen, "answer", area="agency", text="Sẽ đến chiều nay.")
    assert page.status_code == 409
    words = page.content.decode()
    assert "Gia đình này đã được giúp hôm qua." in words[words.index('id="stale"') :]
    assert "Sẽ đến chiều nay.</textarea>" in words
    assert Case.objects.get(pk=case.pk).stage == Stage.ACCEPTED


def test_the_agency_hears_and_sees_what_was_sent_once_it_has_accepted(people: People) -> None:
    talk = stories.open_form(moment())
    talk.say(Typed("yes"))
    picture = io.BytesIO()
    image = Image.new("RGB", (60, 40), "teal")
    metadata = image.getexif()
    metadata.get_ifd(IFD.GPSInfo).update(
        {1: "N", 2: (10.0, 46.0, 36.0), 3: "E", 4: (106.0, 42.0, 0.0)}
    )
    image.save(picture, "JPEG", exif=metadata)
    photo = attach_photo(contact=talk.turn.contact, content=picture.getvalue(), now=moment())
    keep_photo_location(contact=talk.turn.contact, photo=photo.id, now=moment())
    case = stories.fill(talk).case()
    address = f"/photo/{photo.id}.jpg"
    officer, other = signed_in(people.officer), signed_in(people.other_officer)
    assert officer.get(f"/agency{address}").status_code == 404
    assert "<img" not in main_of(officer, case)
    send(officer, case, "accept", area="agency")
    assert officer.get(f"/agency{address}").content[:2] == b"\xff\xd8"
    assert address in main_of(officer, case)
    assert "10.77667, 106.70000" in main_of(officer, case)
    assert other.get(f"/agency{address}").status_code == 404
    assert signed_in(people.observer).get(f"/desk{address}").status_code == 404
    assert address in signed_in(people.operator).get(f"/desk/case/{case.code}/").content.decode()


def test_the_agency_hears_the_recording_of_a_call_that_an_operator_completed(
    people: People,
) -> None:
    case = stories.voice_report(moment())
    signed_in(people.operator).post(
        f"/desk/listen/{case.code}/",
        {
            "seen_version": case.version,
            "place-place": stories.HOME,
            "detail-place": stories.STREET,
            "text-details": stories.WORDS,
        },
    )
    officer = signed_in(people.officer)
    assert "<audio" not in main_of(officer, case)
    send(officer, Case.objects.get(pk=case.pk), "accept", area="agency")
    page = officer.get(f"/agency/case/{case.code}/")
    sounds = [answer.sound.id for answer in page.context["page"].answers if answer.sound]
    assert len(sounds) == 2
    assert officer.get(f"/agency/recording/{sounds[0]}.wav").content[:4] == b"RIFF"
    other = signed_in(people.other_officer)
    assert other.get(f"/agency/recording/{sounds[0]}.wav").status_code == 404


def main_of(client: Client, case: Case) -> str:
    words = client.get(f"/agency/case/{case.code}/").content.decode()
    return words[words.index("<main") : words.index("</main>")]
