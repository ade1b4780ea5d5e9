"""Acts at the desk: forwarding, writing, and two people on one case."""

import pytest

from hotline.domain.cases.models import Case, Stage
from hotline.usecases.accept_case import accept_case
from hotline.usecases.answer_case import answer_case
from hotline.usecases.forward_case import forward_case
from hotline.usecases.resolve_case import resolve_case
from tests import stories
from tests.edges.staff import moment, send, signed_in
from tests.people import People

pytestmark = pytest.mark.django_db
MINE = "Tôi đã gọi phường, chiều nay có người đến. <b>10 kg gạo</b> 🍚"


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def accepted(people: People) -> Case:
    """A case that the agency has accepted, so that it may be answered."""
    case = stories.web_report(moment())
    accept_case(user=people.officer, case=case.code, seen_version=case.version, now=moment())
    return fresh(case)


def test_the_case_page_proposes_what_routing_gives(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.operator)
    page = client.get(f"/desk/case/{case.code}/")
    assert page.context["proposed"] is None, "it is there already"
    own = {"choice": "own", "agency": stories.OTHER_AGENCY, "text": "Đang ở quận bên."}
    assert send(client, case, "forward", **own).status_code == 302
    page = client.get(f"/desk/case/{case.code}/")
    assert page.context["proposed"].code == stories.HOME_AGENCY
    assert page.context["proposal"].reason["vi"] in page.content.decode()
    send(client, fresh(case), "forward", choice="proposal")
    back = fresh(case).agency
    assert back is not None
    assert back.code == stories.HOME_AGENCY


def test_an_operator_forwards_to_another_agency_for_a_reason_of_their_own(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.operator)
    own = {"choice": "own", "agency": stories.OTHER_AGENCY, "text": "Người này đang ở quận bên."}
    assert send(client, case, "forward", **own).status_code == 302
    agency = fresh(case).agency
    assert agency is not None
    assert agency.code == stories.OTHER_AGENCY
    assert own["text"] in client.get(f"/desk/case/{case.code}/").content.decode()


def test_an_agency_that_does_not_exist_changes_nothing(people: People) -> None:
    case = stories.web_report(moment())
    for odd in ("no-such-agency", "\0", "<b>"):
        form = {"choice": "own", "agency": odd, "text": "Lý do của tôi"}
        page = send(signed_in(people.operator), case, "forward", **form)
        assert page.status_code in {404, 422}
        assert "Lý do của tôi</textarea>" in page.content.decode()
    assert fresh(case).version == case.version


@pytest.mark.parametrize("missing", [{"text": "lý do"}, {"agency": stories.OTHER_AGENCY}])
def test_another_agency_needs_a_name_and_a_reason(people: People, missing: dict[str, str]) -> None:
    case = stories.web_report(moment())
    page = send(signed_in(people.operator), case, "forward", choice="own", **missing)
    assert page.status_code == 422
    assert fresh(case).version == case.version
    for kept in missing.values():
        assert kept in page.content.decode()


def test_a_note_is_for_staff_and_an_answer_for_the_citizen(people: People) -> None:
    case = accepted(people)
    client = signed_in(people.operator)
    assert send(client, case, "note", text="Chỉ nội bộ").status_code == 302
    assert send(client, fresh(case), "answer", text=MINE).status_code == 302
    assert fresh(case).stage == Stage.ANSWERED
    answer, note = case.events.order_by("-pk")[:2]
    assert (note.public, answer.public) == (False, True)
    page = client.get(f"/desk/case/{case.code}/").content.decode()
    assert "&lt;b&gt;10 kg gạo&lt;/b&gt; 🍚" in page


def test_the_second_of_two_sees_the_firsts_words_and_keeps_their_own(people: People) -> None:
    case = accepted(people)
    theirs = "Đơn vị đã đến nơi lúc 9 giờ."
    answer_case(
        user=people.officer, case=case.code, seen_version=case.version, text=theirs, now=moment()
    )
    page = send(signed_in(people.operator), case, "answer", text=MINE)
    assert page.status_code == 409
    words = page.content.decode()
    banner = words[words.index('id="stale"') : words.index('class="case"')]
    assert theirs in banner
    assert people.officer.display_name in banner
    assert "&lt;b&gt;10 kg gạo&lt;/b&gt; 🍚</textarea>" in words
    assert not case.events.filter(actor=people.operator).exists()

    again = send(signed_in(people.operator), fresh(case), "answer", text=MINE)
    assert again.status_code == 302
    assert case.events.filter(actor=people.operator).count() == 1


def test_words_stay_on_the_page_even_when_the_act_is_no_longer_possible(people: People) -> None:
    case = accepted(people)
    resolve_case(
        user=people.officer, case=case.code, seen_version=case.version, text="Xong", now=moment()
    )
    page = send(signed_in(people.operator), case, "answer", text="Lời của tôi")
    assert page.status_code in {409, 422}
    assert "Lời của tôi</textarea>" in page.content.decode()


def test_words_stay_when_the_case_has_left_the_agency(people: People) -> None:
    case = accepted(people)
    forward_case(
        user=people.operator,
        case=case.code,
        seen_version=case.version,
        agency=stories.OTHER_AGENCY,
        reason="Người này đang ở quận bên.",
        now=moment(),
    )
    page = send(signed_in(people.officer), case, "answer", area="agency", text="Lời của tôi")
    assert page.status_code == 404
    assert "Lời của tôi</textarea>" in page.content.decode()


def test_a_form_posted_twice_is_done_once(people: People) -> None:
    case = accepted(people)
    client = signed_in(people.operator)
    for _ in range(2):
        assert send(client, case, "note", text="Một lần thôi").status_code == 302
    assert case.events.filter(kind="noted").count() == 1


@pytest.mark.parametrize(
    "text", ["", "   \n", "x" * 10_001], ids=["empty", "blank", "10,001 characters"]
)
def test_words_that_cannot_be_taken_come_back_with_a_sentence(people: People, text: str) -> None:
    case = accepted(people)
    page = send(signed_in(people.operator), case, "note", text=text)
    assert page.status_code == 422
    assert 'id="problem"' in page.content.decode()
    assert fresh(case).version == case.version


@pytest.mark.parametrize("seen", ["", "-1", "0", "abc", "99999999999999999999"])
def test_a_form_without_a_version_is_stale_and_writes_nothing(people: People, seen: str) -> None:
    case = accepted(people)
    form = {"seen_version": seen, "text": "x"}
    page = signed_in(people.operator).post(f"/desk/case/{case.code}/note/", form)
    assert page.status_code == 409
    assert fresh(case).version == case.version


def test_an_act_that_does_not_exist_is_404(people: People) -> None:
    case = accepted(people)
    for verb in ("resolve", "accept", "delete"):
        assert send(signed_in(people.operator), case, verb, text="x").status_code == 404


def test_reading_changes_nothing_by_get(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.operator)
    for verb in ("note", "forward", "contact"):
        assert client.get(f"/desk/case/{case.code}/{verb}/").status_code == 405
