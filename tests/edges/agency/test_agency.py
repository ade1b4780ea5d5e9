"""An officer's day: accept, ask, answer, resolve."""

from datetime import timedelta

import pytest

from hotline.dialogue.exchange import Typed
from hotline.domain.cases.models import Case, Stage
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
