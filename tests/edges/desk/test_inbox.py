"""The operators' list: what is urgent and late comes first, and everything can be found."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hotline.dialogue.exchange import Typed
from hotline.domain.city.model import City
from hotline.domain.city.models import CityRefusal
from hotline.domain.contacts.models import Recording, RecordingState
from tests import stories
from tests.edges.staff import moment, signed_in
from tests.people import NEIGHBOUR, People

pytestmark = pytest.mark.django_db


def codes_of(client: Client, address: str) -> list[str]:
    return [shown.row.code for shown in client.get(address).context["rows"]]


def test_urgent_cases_stand_before_others_and_late_ones_before_those_with_time(
    people: People,
) -> None:
    now = moment()
    calm = stories.web_report(now - timedelta(hours=3), need=Typed("support"))
    fresh = stories.web_report(now, reporter_phone=Typed(NEIGHBOUR))
    late = stories.web_report(now - timedelta(hours=2))
    client = signed_in(people.operator)
    assert codes_of(client, "/desk/?tab=forwarded") == [late.code, fresh.code, calm.code]
    assert set(codes_of(client, "/desk/?tab=overdue")) == {late.code, calm.code}


def test_what_must_be_heard_waits_in_triage(people: People) -> None:
    case = stories.voice_report(moment())
    page = signed_in(people.operator).get("/desk/")
    (shown,) = page.context["rows"]
    assert (shown.row.code, shown.row.listening) == (case.code, True)


def test_a_whole_code_opens_the_case_and_a_part_lists_what_begins_so(people: People) -> None:
    case = stories.web_report(moment())
    client = signed_in(people.operator)
    spaced = f"{case.code[:3]} {case.code[3:6]} {case.code[6:]}"
    found = client.get(reverse("desk:find"), {"code": spaced})
    assert found["Location"] == reverse("desk:case", args=[case.code])
    listed = client.get(reverse("desk:find"), {"code": case.code[:4]}, follow=True)
    assert [shown.row.code for shown in listed.context["rows"]] == [case.code]
    swapped = case.code[:-1] + str((int(case.code[-1]) + 1) % 10)
    wrong = client.get(reverse("desk:find"), {"code": swapped}, follow=True)
    assert len(wrong.context["messages"]) == 1


@pytest.mark.parametrize(
    "query",
    ["tab=nonsense", "page=-1", "page=99999999999999", "page=²", "code=%00<b>", "tab=&page="],
)
def test_a_nonsense_address_still_shows_the_list(people: People, query: str) -> None:
    assert signed_in(people.operator).get(f"/desk/?{query}").status_code == 200


def test_an_unknown_case_is_404(people: People) -> None:
    client = signed_in(people.operator)
    assert client.get("/desk/case/000000000/").status_code == 404
    for odd in ("%3Cb%3E", "%00", "12345678%00", "1" * 500, "١٢٣٤٥٦٧٨٩"):
        assert client.get(f"/desk/case/{odd}/").status_code == 404


def test_the_list_says_when_it_is_old(people: People) -> None:
    client = signed_in(people.operator)
    address = f"{reverse('desk:counts')}?tab=forwarded&seen=0"
    assert 'data-key="r"' not in client.get(address).content.decode()
    stories.web_report(moment())
    assert 'data-key="r"' in client.get(address).content.decode()


def test_a_lost_recording_and_a_refused_city_are_seen_by_those_who_can_help(
    people: People, city: City
) -> None:
    case = stories.voice_report(moment())
    Recording.objects.filter(contact__case=case).update(state=RecordingState.LOST)
    CityRefusal.objects.create(
        name=city.name,
        digest="0" * 64,
        at=datetime.now(UTC),
        problems=[{"file": "routing.yaml", "line": 7, "sentence": "Không có đơn vị này."}],
    )
    operator = signed_in(people.operator).get("/desk/").content.decode()
    assert "lost-recordings" in operator
    assert "routing.yaml:7" not in operator
    for user in (people.supervisor, people.administrator):
        assert "routing.yaml:7" in signed_in(user).get("/desk/").content.decode()
    observer = signed_in(people.observer).get("/desk/").content.decode()
    assert "lost-recordings" not in observer
    page = signed_in(people.operator).get(f"/desk/case/{case.code}/").content.decode()
    assert "<audio" not in page


def test_a_lost_recording_is_no_longer_shown_once_its_answer_was_asked_again(
    people: People,
) -> None:
    case = stories.voice_report(moment())
    Recording.objects.filter(contact__case=case).update(state=RecordingState.LOST)
    client = signed_in(people.operator)
    client.post(
        f"/desk/listen/{case.code}/",
        {
            "seen_version": case.version,
            "place-place": stories.HOME,
            "detail-place": stories.STREET,
            "text-details": stories.WORDS,
        },
    )
    assert "lost-recordings" not in client.get("/desk/").content.decode()
