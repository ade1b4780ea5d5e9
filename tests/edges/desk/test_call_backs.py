"""People who wait for our call."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hotline.dialogue.exchange import Left
from hotline.domain.calls.models import CallBack
from hotline.domain.history.models import Entry
from tests import stories
from tests.edges.staff import moment, signed_in
from tests.people import CITIZEN, NEIGHBOUR, People

pytestmark = pytest.mark.django_db


def hung_up(number: str, ago: timedelta) -> CallBack:
    """Somebody who hung up at the second question."""
    talk = stories.choose(stories.ring(moment() - ago, number=number))
    stories.answer_by_voice(talk, until="for_whom")
    talk.say(Left())
    return CallBack.objects.latest("pk")


def test_those_due_first_stand_first_and_numbers_are_covered(people: People) -> None:
    later = hung_up(CITIZEN, timedelta(minutes=1))
    sooner = hung_up(NEIGHBOUR, timedelta(minutes=50))
    page = signed_in(people.operator).get(reverse("desk:call_backs"))
    assert [row.id for row, _branch in page.context["rows"]] == [sooner.pk, later.pk]
    words = page.content.decode()
    assert CITIZEN not in words
    assert NEIGHBOUR not in words


def test_showing_a_number_is_written_to_the_history(people: People) -> None:
    call_back = hung_up(CITIZEN, timedelta(minutes=1))
    client = signed_in(people.operator)
    page = client.post(reverse("desk:call_back_number", args=[call_back.pk]))
    assert f"tel:+84{CITIZEN[1:]}" in page.content.decode()
    entry = Entry.objects.get(verb="read_contact")
    assert (entry.actor, entry.subject) == (people.operator, f"call_back:{call_back.pk}")


@pytest.mark.parametrize("result", ["reached", "unreachable", "wrong_number", "not_needed"])
def test_a_result_closes_it(people: People, result: str) -> None:
    call_back = hung_up(CITIZEN, timedelta(minutes=1))
    client = signed_in(people.operator)
    address = reverse("desk:close_call_back", args=[call_back.pk])
    assert client.post(address, {"result": result}).status_code == 302
    call_back.refresh_from_db()
    assert (call_back.result, call_back.closed_by) == (result, people.operator)
    assert client.get(reverse("desk:call_backs")).context["page"].total == 0


def test_an_unknown_result_or_call_back_is_404(people: People) -> None:
    call_back = hung_up(CITIZEN, timedelta(minutes=1))
    client = signed_in(people.operator)
    address = reverse("desk:close_call_back", args=[call_back.pk])
    assert client.post(address, {"result": "<b>"}).status_code == 404
    gone = reverse("desk:close_call_back", args=[call_back.pk + 1000])
    assert client.post(gone, {"result": "reached"}).status_code == 404


def test_the_case_page_says_that_somebody_waits(people: People) -> None:
    call_back = hung_up(CITIZEN, timedelta(minutes=1))
    assert call_back.case is not None
    page = signed_in(people.operator).get(f"/desk/case/{call_back.case.code}/")
    assert f"#call-back-{call_back.pk}" in page.content.decode()
