"""The listening queue: take next, write it down, save; nothing is heard twice by two."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hotline.dialogue.exchange import Expect, Keys
from hotline.domain.cases.models import Case, ListeningTask
from tests import stories
from tests.edges.staff import moment, signed_in
from tests.people import CITIZEN, NEIGHBOUR, People

pytestmark = pytest.mark.django_db
HEARD = {
    "place-place": stories.HOME,
    "detail-place": stories.STREET,
    "text-details": stories.WORDS,
}


def take(client: Client) -> str:
    """Takes the next; gives the address of the page with the player."""
    response = client.post(reverse("desk:listen_next"))
    return response["Location"]


def save(client: Client, case: Case, **form: str) -> Any:
    address = reverse("desk:hear", args=[case.code])
    return client.post(address, {"seen_version": case.version, **form})


def test_take_next_gives_urgent_ones_first_and_each_operator_another(people: People) -> None:
    now = moment()
    older = stories.voice_report(now - timedelta(hours=1))
    newer = stories.voice_report(now, number=NEIGHBOUR)
    ListeningTask.objects.filter(case=older).update(urgent=False)
    first, second = signed_in(people.operator), signed_in(people.second_operator)
    assert take(first) == reverse("desk:hear", args=[newer.code])
    assert take(second) == reverse("desk:hear", args=[older.code])
    assert take(first) == reverse("desk:hear", args=[newer.code])
    away = second.get(reverse("desk:hear", args=[newer.code]))
    assert (away.status_code, away["Location"]) == (302, reverse("desk:listen"))


def test_the_page_shows_each_recording_beside_its_slot_and_what_was_given(people: People) -> None:
    stories.voice_report(moment())
    client = signed_in(people.operator)
    page = client.get(take(client))
    sheet = page.context["sheet"]
    assert [(field.slot, bool(field.sound)) for field in sheet.to_fill] == [
        ("place", True),
        ("details", True),
    ]
    assert "household" in {field.slot for field in sheet.given}
    words = page.content.decode()
    assert words.count("<audio") == 2
    assert "data-until" in words
    assert CITIZEN not in words


def test_saving_routes_the_case_and_shows_agency_and_reason_and_offers_the_next(
    people: People,
) -> None:
    now = moment()
    case = stories.voice_report(now - timedelta(minutes=2))
    stories.voice_report(now, number=NEIGHBOUR)
    client = signed_in(people.operator)
    assert case.code in take(client)
    page = client.get(save(client, case, **HEARD)["Location"])
    words = page.content.decode()
    done = Case.objects.get(pk=case.pk)
    assert done.agency is not None
    assert done.agency.code == stories.HOME_AGENCY
    assert done.agency.name["vi"] in words
    assert done.reason["vi"] in words
    assert reverse("desk:listen_next") in words


def test_what_is_wrong_is_said_beside_its_slot_and_the_words_stay(people: People) -> None:
    case = stories.voice_report(moment())
    client = signed_in(people.operator)
    take(client)
    page = save(client, case, **{**HEARD, "text-household": "rất đông", "place-place": "no.where"})
    assert page.status_code == 422
    sheet = page.context["sheet"]
    wrong = {field.slot for field in (*sheet.to_fill, *sheet.given) if field.problem}
    assert wrong == {"household", "place"}
    words = page.content.decode()
    for kept in (stories.WORDS, stories.STREET, "rất đông"):
        assert kept in words
    assert ListeningTask.objects.get(case=case).done_at is None


def test_a_slot_that_the_citizen_keyed_can_be_corrected(people: People) -> None:
    case = stories.voice_report(moment())
    client = signed_in(people.operator)
    take(client)
    save(client, case, **{**HEARD, "text-household": "7", "text-for_whom": "self"})
    page = client.get(f"/desk/case/{case.code}/").context["page"]
    answers = {answer.slot: answer for answer in page.answers}
    assert (answers["household"].words, answers["household"].source) == ("7", "operator")
    assert answers["for_whom"].source == "keys"
    assert answers["details"].sound is not None


def test_who_saves_after_somebody_else_sees_their_work_and_keeps_the_own(people: People) -> None:
    case = stories.voice_report(moment())
    first, second = signed_in(people.operator), signed_in(people.second_operator)
    take(first)
    ListeningTask.objects.filter(case=case).update(claimed_until=moment() - timedelta(seconds=1))
    take(second)
    assert save(second, case, **HEARD).status_code == 302
    page = save(first, case, **{**HEARD, "text-details": "Tôi nghe là cần thuốc."})
    assert page.status_code == 409
    words = page.content.decode()
    assert people.second_operator.display_name in words
    assert "Tôi nghe là cần thuốc.</textarea>" in words
    kept = {answer.slot: answer.words for answer in page.context["page"].answers}
    assert kept["details"] == stories.WORDS


def test_a_case_that_somebody_else_holds_cannot_be_saved(people: People) -> None:
    case = stories.voice_report(moment())
    take(signed_in(people.operator))
    page = save(signed_in(people.second_operator), case, **HEARD)
    assert page.status_code == 422
    assert stories.WORDS in page.content.decode()


def test_giving_back_leaves_it_to_others(people: People) -> None:
    case = stories.voice_report(moment())
    client = signed_in(people.operator)
    take(client)
    assert client.post(reverse("desk:release", args=[case.code])).status_code == 302
    assert case.code in take(signed_in(people.second_operator))


def test_places_are_found_without_accents(people: People) -> None:
    client = signed_in(people.operator)
    found = client.get(reverse("desk:places"), {"slot": "place", "search-place": "vo thi sau"})
    assert f'value="{stories.HOME}"' in found.content.decode()
    nothing = client.get(reverse("desk:places"), {"slot": "place", "search-place": "zzzz"})
    assert "<input" not in nothing.content.decode()
    odd = {"slot": "place", "search-place": "\0<b>%_\\", "place-place": "\0"}
    assert client.get(reverse("desk:places"), odd).status_code == 200


def test_without_script_a_button_searches_places_and_keeps_what_was_written(
    people: People,
) -> None:
    case = stories.voice_report(moment())
    client = signed_in(people.operator)
    take(client)
    form = {"find": "place", "search-place": "vo thi sau q3", "text-details": "Cần gạo"}
    page = save(client, case, **form)
    assert page.status_code == 200
    assert f'value="{stories.HOME}"' in page.content.decode()
    assert "Cần gạo</textarea>" in page.content.decode()
    assert ListeningTask.objects.get(case=case).done_at is None


def test_what_was_said_in_a_later_call_is_written_to_the_same_case(people: People) -> None:
    now = moment()
    case = stories.web_report(now - timedelta(hours=1))
    talk = stories.ring(now)
    for expected in (Expect.KNOWN, Expect.CONSENT):
        assert talk.ask.expect == expected
        talk.say(Keys("1"))
    stories.answer_by_voice(talk)
    client = signed_in(people.operator)
    page = client.get(take(client))
    assert len(page.context["sheet"].more_sounds) == 1
    case.refresh_from_db()
    assert save(client, case, heard="Cháu bé đã có sữa, còn cần tã.").status_code == 302
    assert "còn cần tã" in client.get(f"/desk/case/{case.code}/").content.decode()


def test_a_player_may_jump_in_a_recording(people: People) -> None:
    case = stories.voice_report(moment())
    client = signed_in(people.operator)
    answers = client.get(f"/desk/case/{case.code}/").context["page"].answers
    sound = next(answer.sound for answer in answers if answer.sound)
    address = reverse("desk:sound", args=[sound.id])
    whole = client.get(address)
    assert (whole.status_code, whole["Content-Type"]) == (200, "audio/wav")
    part = client.get(address, HTTP_RANGE="bytes=100-199")
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(whole.content)}"
    tail = client.get(address, HTTP_RANGE="bytes=-50")
    assert tail.content == whole.content[-50:]
    rest = client.get(address, HTTP_RANGE="bytes=1000-")
    assert rest.content == whole.content[1000:]
    beyond = client.get(address, HTTP_RANGE=f"bytes={len(whole.content)}-")
    assert beyond.status_code == 416
    for odd in ("bytes=9-3", "lines=1-2", "bytes=0-1,4-5", "bytes=-"):
        assert client.get(address, HTTP_RANGE=odd).status_code == 200
