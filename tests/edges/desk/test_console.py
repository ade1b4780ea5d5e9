"""The operator's console: what it shows, what it does, who may."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hotline.dialogue.exchange import Keys, Left, ToCallbot
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.history.models import Entry
from hotline.domain.queue.models import LegPurpose, Offer, OfferState, Order, Ticket, TicketState
from hotline.domain.workforce.models import Operator, Presence, PresenceState
from hotline.domain.workforce.phones import phone_password
from hotline.edges.screens.desk import words
from hotline.edges.screens.shared.context import say
from hotline.usecases.block_caller import block_caller
from hotline.usecases.call_back_failed import call_back_failed
from hotline.usecases.call_out import call_out
from hotline.usecases.open_leg import open_leg
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.talk_over import talk_over
from tests import queueing, stories
from tests.edges.staff import moment, signed_in
from tests.people import CITIZEN, People
from tests.workforce import operators

pytestmark = pytest.mark.django_db


class Desk:
    """An operator's page, as its script uses it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def state(self, form: str = "-") -> dict[str, Any]:
        return dict(self.client.get(f"/desk/console/state/?form={form}").json())

    def act(self, verb: str, *, status: int = 200, **form: Any) -> dict[str, Any]:
        answer = self.client.post(f"/desk/console/{verb}/", form)
        assert answer.status_code == status, answer.content[:300]
        return dict(answer.json())


@pytest.fixture
def desk(people: People) -> Desk:
    operators(people, now=moment())
    return Desk(signed_in(people.operator))


@pytest.fixture
def on_duty(desk: Desk) -> Desk:
    desk.act("sign-on", branch=["2", "4"], phone="browser")
    desk.act("ready")
    return desk


class Call:
    def __init__(self, talk: stories.Talk, offer: UUID) -> None:
        self.talk = talk
        self.offer = offer


@pytest.fixture
def call(on_duty: Desk, people: People) -> Call:
    """Somebody who told the callbot what they need, and speaks with the operator."""
    talk = stories.ring(moment())
    for event in (Keys("2"), ToCallbot("busy"), Keys("1"), Keys("1"), Keys("1"), Keys("*")):
        talk.say(event)
    queueing.look(moment())
    return Call(talk, queueing.take(people.operator, moment()))


def presence(people: People) -> str:
    return Presence.objects.get(operator_id=people.operator.pk).state


def test_signing_on_choosing_what_rings_pausing_and_leaving(desk: Desk, people: People) -> None:
    assert desk.state()["stage"] == "off"
    told = desk.act("sign-on", branch=["2"], phone="sip")
    assert (told["presence"], told["phone"]) == (PresenceState.PAUSED, "sip")
    assert desk.act("ready")["presence"] == PresenceState.READY
    paused = desk.act("pause", reason="meal")
    assert paused["presence"] == PresenceState.PAUSED
    assert str(words.PAUSES["meal"]) in paused["bar"]
    assert desk.act("sign-off")["stage"] == "off"


def test_what_cannot_be_done_says_why_and_changes_nothing(desk: Desk, people: People) -> None:
    refused = desk.act("sign-on", status=409, branch=["3"], phone="browser")
    assert refused["code"] == "no_skill"
    assert refused["problem"]
    assert presence(people) == PresenceState.OFF
    assert desk.act("order", status=409, order="hold")["code"] == "no_call"
    assert desk.client.post("/desk/console/nonsense/").status_code == 404


def test_the_password_of_the_phone_is_for_who_is_on_duty(desk: Desk, people: People) -> None:
    assert desk.client.get("/desk/console/phone/").status_code == 404
    operator = Operator.objects.get(user=people.operator)
    for kind in ("sip", "browser"):
        desk.act("sign-on", branch=["2"], phone=kind)
        given = desk.client.get("/desk/console/phone/")
        assert given.json() == {"extension": "op101", "password": phone_password(operator)}
        assert "no-store" in given["Cache-Control"]


def test_who_calls_is_seen_before_answering(on_duty: Desk, city: City) -> None:
    earlier = stories.web_report(moment() - timedelta(days=1))
    talk = queueing.call(moment(), number=CITIZEN)
    talk.say(ToCallbot("busy"))
    for key in ("1", "1", "2", "*"):
        talk.say(Keys(key))
    queueing.look(moment())
    told = on_duty.state()
    assert told["stage"] == "ringing"
    assert "0901 234 567" in told["call"]
    assert f"/desk/case/{earlier.code}/" in told["call"]
    assert "call__told" in told["call"]
    need = city.scripts["hardship"].slot("need").option("necessities")
    assert need is not None
    assert say(need.label) in told["call"]
    on_duty.state()
    looks = Entry.objects.filter(verb="screen_pop")
    assert looks.count() == 1


def test_what_was_told_is_not_asked_again_and_the_rest_is(on_duty: Desk, call: Call) -> None:
    told = on_duty.state()
    assert told["stage"] == "talking"
    form = told["form"]
    assert 'class="told__one" data-slot="need"' in form
    assert 'class="told__one" data-slot="for_whom"' in form
    assert 'class="panel slot" data-slot="household"' in form
    assert "data-consent checked" in form
    assert on_duty.state(told["form_key"])["form"] is None


def test_an_answer_is_kept_at_once_or_says_what_is_wrong(on_duty: Desk, call: Call) -> None:
    key = on_duty.state()["form_key"]
    kept = on_duty.act("take-down", offer=call.offer, slot="household", text="5", form=key)
    assert kept["problem"] == ""
    assert kept["form"] is None
    assert 'value="5"' in on_duty.state()["form"]
    wrong = on_duty.act("take-down", status=409, offer=call.offer, slot="household", text="viele")
    assert wrong["problems"]["household"]
    danger = on_duty.act("take-down", offer=call.offer, slot="details", text="mẹ tôi khó thở")
    assert danger["danger"] == "115"
    assert 'class="danger"' in danger["call"]


def fill(desk: Desk, offer: UUID) -> None:
    desk.act("take-down", offer=offer, slot="household", text="4")
    desk.act(
        "take-down", offer=offer, slot="place", place=stories.HOME, detail=stories.STREET, text=""
    )
    desk.act("take-down", offer=offer, slot="details", text=stories.WORDS)
    desk.act("take-down", offer=offer, slot="reporter_phone", text=CITIZEN)


def test_a_talk_becomes_a_case_whose_code_is_read_out(on_duty: Desk, call: Call) -> None:
    fill(on_duty, call.offer)
    told = on_duty.act("finish", offer=call.offer, how="case")
    case = Case.objects.get()
    assert case.complete
    assert told["finished"]
    assert case.code in told["said"].replace(" ", "")
    assert case.code in told["call"].replace(" ", "")


def test_missing_answers_need_a_reason(on_duty: Desk, call: Call) -> None:
    refused = on_duty.act("finish", status=409, offer=call.offer, how="case")
    assert refused["code"] == "answers_missing"
    assert not Case.objects.exists()
    on_duty.act("finish", offer=call.offer, how="case", reason="hung_up")
    assert not Case.objects.get().complete


def test_a_question_answered_at_once_is_one_key_and_no_case(on_duty: Desk, call: Call) -> None:
    on_duty.act("finish", offer=call.offer, how="answered")
    assert Offer.objects.get(pk=call.offer).form == "answered"
    assert not Case.objects.exists()


def test_orders_are_rows_for_the_switchboard(on_duty: Desk, call: Call) -> None:
    on_duty.act("order", order="consult", argument="number:115")
    order = Order.objects.get()
    assert (order.verb, order.argument, order.offer_id) == ("consult", "number:115", call.offer)
    refused = on_duty.act("order", status=409, order="consult", argument="nobody")
    assert refused["code"] == "no_target"


def test_ringing_somebody_can_be_given_up(on_duty: Desk, people: People) -> None:
    queueing.call(moment(), number=CITIZEN).say(Left())
    offer = call_out(user=people.operator, call_back=CallBack.objects.get().pk, now=moment())
    assert operator_answered(offer=offer.pk, now=moment())
    assert on_duty.state()["leg"] is None
    open_leg(ticket=offer.ticket_id, offer=offer.pk, purpose=LegPurpose.CALL_BACK, now=moment())
    told = on_duty.state()
    assert (told["stage"], told["leg"]["purpose"]) == ("answered", "call_back")
    assert str(words.PURPOSES["call_back"]) in told["call"]
    on_duty.act("order", order="end")
    assert Order.objects.get(offer=offer).verb == "end"
    call_back_failed(offer=offer.pk, result="cancelled", now=moment())  # so does the switchboard
    assert on_duty.state()["stage"] == "idle"
    assert presence(people) == PresenceState.WRAP_UP
    call_back = CallBack.objects.get()
    assert (call_back.attempts, call_back.last_result) == (1, "cancelled")
    assert call_back.closed_at is None


def test_the_directory_finds_without_accents(on_duty: Desk, people: People) -> None:
    def found(text: str) -> str:
        return on_duty.client.get("/desk/console/targets/", {"q": text}).content.decode()

    assert 'data-argument="number:115"' in found("cap cuu")
    assert 'data-argument="number:0901234567"' in found("0901 234 567")
    assert "op102" not in found("")
    Presence.objects.filter(operator_id=people.second_operator.pk).update(state="paused")
    assert 'data-argument="operator:op102"' in found("dung")
    assert "data-argument" not in found("zzzz")


def test_a_page_that_is_loaded_again_in_a_call_puts_the_caller_back(
    on_duty: Desk, call: Call
) -> None:
    before = Ticket.objects.get()
    told = on_duty.act("lost", offer=call.offer)
    ticket = Ticket.objects.get()
    assert ticket.state == TicketState.WAITING
    assert ticket.entered_at == before.entered_at
    assert Offer.objects.get(pk=call.offer).state == OfferState.ENDED
    assert told["said"]
    assert on_duty.act("lost", offer=call.offer)["stage"] == "after"


def test_the_form_stays_open_after_the_caller_has_gone(
    on_duty: Desk, call: Call, people: People
) -> None:
    on_duty.act("take-down", offer=call.offer, slot="details", text=stories.WORDS)
    talk_over(offer=call.offer, by="caller", now=moment())
    told = on_duty.state()
    assert told["stage"] == "after"
    assert stories.WORDS in told["form"]
    assert presence(people) == PresenceState.WRAP_UP
    assert "data-left" in told["bar"]
    on_duty.act("finish", offer=call.offer, how="no_case", reason="hung_up")
    assert on_duty.state()["stage"] == "idle"


def test_another_operators_call_is_not_there(on_duty: Desk, call: Call, people: People) -> None:
    other = Desk(signed_in(people.second_operator))
    assert other.state()["offer"] is None
    for verb, form in (
        ("take-down", {"slot": "details", "text": "x"}),
        ("finish", {"how": "answered"}),
        ("consent", {"given": "yes"}),
        ("block", {"reason": "x", "days": "1"}),
    ):
        answer = other.client.post(f"/desk/console/{verb}/", {"offer": str(call.offer), **form})
        assert answer.status_code == 404, verb
    assert Offer.objects.get(pk=call.offer).form == ""


@pytest.mark.parametrize("role", ["observer", "officer"])
def test_others_do_not_come_in(desk: Desk, people: People, role: str) -> None:
    client = signed_in(getattr(people, role))
    assert client.get("/desk/console/").status_code == 403
    assert client.get("/desk/console/state/").status_code == 403
    assert client.get("/desk/console/phone/").status_code == 403
    assert client.post("/desk/console/ready/").status_code == 403
    assert Client().post("/desk/console/ready/").status_code == 401


def test_who_answers_no_calls_is_told_so(desk: Desk, people: People) -> None:
    client = signed_in(people.supervisor)
    assert client.get("/desk/console/").status_code == 200
    assert client.get("/desk/console/state/").status_code == 404
    assert client.post("/desk/console/seen/").status_code == 404


def test_the_sign_of_life_is_written(on_duty: Desk, people: People) -> None:
    before: datetime = moment() - timedelta(seconds=30)
    Presence.objects.filter(operator_id=people.operator.pk).update(seen_at=before)
    assert on_duty.client.post("/desk/console/seen/").status_code == 204
    assert Presence.objects.get(operator_id=people.operator.pk).seen_at > before


def test_a_supervisor_looks_at_blocked_callers(on_duty: Desk, call: Call, people: People) -> None:
    block = block_caller(
        user=people.operator, offer=call.offer, reason="Chửi bới", days=3, now=moment()
    )
    client = signed_in(people.supervisor)
    page = client.get("/desk/blocks/").content.decode()
    assert "Chửi bới" in page
    assert "0901 234 567" in page
    assert signed_in(people.operator).get("/desk/blocks/").status_code == 403
    assert client.post(f"/desk/blocks/{block.pk}/", {"verdict": "lift"}).status_code == 302
    block.refresh_from_db()
    assert block.verdict == "lift"
    assert "Chửi bới" not in client.get("/desk/blocks/").content.decode()
