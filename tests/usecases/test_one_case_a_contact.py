"""However a call goes on after a case was made of it, there is no second case."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hotline.dialogue.exchange import Expect, Keys, Left, Served, ToCallbot
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.models import Case, ListeningTask, Stage
from hotline.domain.cases.timeline import Kind
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.domain.queue.models import Offer
from hotline.usecases.choose_script import choose_script
from hotline.usecases.current_talk import current_talk
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.finish_talk import finish_talk
from hotline.usecases.go_ready import go_ready
from hotline.usecases.note_consent import note_consent
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.operators_words import Heard
from hotline.usecases.quick_call import QuickCalls
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_on import sign_on
from hotline.usecases.take_call_back import take_call_back
from hotline.usecases.take_down import take_down
from hotline.usecases.talk_began import talk_began
from hotline.usecases.talk_over import talk_over
from tests import stories
from tests.people import CITIZEN, People
from tests.workforce import operators

pytestmark = pytest.mark.django_db

ALL = {
    "need": Heard("necessities"),
    "for_whom": Heard("self"),
    "household": Heard("4"),
    "place": Heard("", stories.HOME, stories.STREET),
    "details": Heard(stories.WORDS),
    "reporter_phone": Heard(CITIZEN),
}


@pytest.fixture
def noon(now: datetime) -> datetime:
    """People may be rung back."""
    return now.replace(hour=5, minute=0)


@pytest.fixture
def desk(city: City, people: People, noon: datetime) -> People:
    """The first operator is ready for key 2."""
    operators(people, now=noon)
    sign_on(user=people.operator, branches=["2"], phone="sip", now=noon)
    go_ready(user=people.operator, now=noon)
    return people


def answered(now: datetime, *, dials: bool = False) -> UUID:
    """The offer of whoever is next; the operator has picked up."""
    run_queue(node="test", dials=dials, now=now)
    offer = Offer.objects.exclude(state="ended").get().pk
    operator_answered(offer=offer, now=now)
    return offer


def talking(now: datetime) -> tuple[stories.Talk, UUID]:
    call = stories.ring(now)
    call.say(Keys("2"))
    offer = answered(now)
    talk_began(offer=offer, now=now)
    return call, offer


def take_all(desk: People, offer: UUID, now: datetime) -> None:
    for slot, words in ALL.items():
        take_down(user=desk.operator, offer=offer, slot=slot, words=words, now=now)
    note_consent(user=desk.operator, offer=offer, given=True, now=now)


def finish(desk: People, offer: UUID, now: datetime, **more: str) -> str | None:
    return finish_talk(user=desk.operator, offer=offer, how="case", now=now, **more)


def lines(case: Case, kind: Kind) -> int:
    return case.events.filter(kind=kind).count()


def test_who_waits_again_after_the_case_was_made_keeps_it(desk: People, noon: datetime) -> None:
    call, offer = talking(noon)
    take_all(desk, offer, noon)
    code = finish(desk, offer, noon)
    talk_over(offer=offer, by="lost", now=noon)  # the operator's line broke
    go_ready(user=desk.operator, now=noon)
    again = answered(noon)
    talk_began(offer=again, now=noon)
    assert finish(desk, again, noon) == code
    talk_over(offer=again, by="operator", now=noon)
    call.say(Served())
    case = Case.objects.get()
    assert lines(case, Kind.ADDED) == 0  # nothing new was said
    assert not CallBack.objects.exists()


def test_what_is_new_after_the_case_went_on_is_added_to_it(desk: People, noon: datetime) -> None:
    _, offer = talking(noon)
    take_all(desk, offer, noon)
    finish(desk, offer, noon)
    talk_over(offer=offer, by="lost", now=noon)
    go_ready(user=desk.operator, now=noon)
    again = answered(noon)
    talk_began(offer=again, now=noon)
    more = Heard("Bà cụ nằm liệt giường.")
    take_down(user=desk.operator, offer=again, slot="details", words=more, now=noon)
    finish(desk, again, noon)
    case = Case.objects.get()
    assert case.stage == Stage.FORWARDED
    assert lines(case, Kind.ADDED) == 1


def test_the_callbot_goes_on_with_the_case_of_the_operator(desk: People, noon: datetime) -> None:
    call, offer = talking(noon)
    take_all(desk, offer, noon)
    code = finish(desk, offer, noon)
    talk_over(offer=offer, by="lost", now=noon)
    call.say(ToCallbot("busy"))
    assert call.ask.expect is Expect.CONFIRM  # everything is known
    call.say(Keys("1"))
    assert call.turn.code == code
    assert Case.objects.count() == 1


def test_a_call_that_broke_is_completed_by_its_open_form(desk: People, noon: datetime) -> None:
    """Asterisk died: what was noted is an incomplete case, until the operator finishes."""
    call, offer = talking(noon)
    need = ALL["need"]
    take_down(user=desk.operator, offer=offer, slot="need", words=need, now=noon)
    call.say(Left())
    assert not Case.objects.get().complete
    assert CallBack.objects.get(closed_at=None).case == Case.objects.get()
    take_all(desk, offer, noon)
    assert finish(desk, offer, noon) == Case.objects.get().code
    case = Case.objects.get()
    assert case.complete
    assert case.stage == Stage.FORWARDED
    assert case.place_id is not None
    assert not CallBack.objects.filter(closed_at=None).exists()


def test_who_is_to_be_rung_for_the_rest_still_is_when_the_call_ends(
    desk: People, noon: datetime
) -> None:
    """The operator finishes without all answers, and only then the line is put down."""
    call, offer = talking(noon)
    take_down(user=desk.operator, offer=offer, slot="need", words=ALL["need"], now=noon)
    note_consent(user=desk.operator, offer=offer, given=True, now=noon)
    finish(desk, offer, noon, reason="other")
    talk_over(offer=offer, by="operator", now=noon)
    call.say(Served())
    assert CallBack.objects.get().closed_at is None


def test_a_question_answered_before_the_line_broke_needs_no_call_back(
    desk: People, noon: datetime
) -> None:
    call, offer = talking(noon)
    call.say(Left())
    assert CallBack.objects.get().closed_at is None
    finish_talk(user=desk.operator, offer=offer, how="answered", now=noon)
    assert CallBack.objects.get().closed_at == noon


def broken_off(now: datetime) -> Case:
    """Somebody who left the callbot after they had spoken."""
    call = stories.ring(now)
    call.say(Keys("2"))
    call.say(ToCallbot("busy"))
    stories.answer_by_voice(choose_consent(call), until="reporter_phone")
    call.say(Left())
    return Case.objects.get(complete=False)


def choose_consent(call: stories.Talk) -> stories.Talk:
    call.say(Keys("1"))
    return call


def rung_back(desk: People, now: datetime) -> UUID:
    """The person of the call-back has answered the operator."""
    desk_seen(user=desk.operator, now=now)
    offer = answered(now, dials=True)
    assert take_call_back(offer=offer, channel="out-1", node="test", now=now) is not None
    talk_began(offer=offer, now=now)
    return offer


def test_a_call_back_completes_the_case_that_broke_off(desk: People, noon: datetime) -> None:
    case = broken_off(noon)
    assert ListeningTask.objects.filter(case=case, done_at=None).exists()
    later = noon + timedelta(seconds=20)
    offer = rung_back(desk, later)
    talk = current_talk(user=desk.operator, now=later)
    assert talk is not None
    assert talk.answers["need"].value == "necessities"
    assert talk.case is None  # not made in this call
    take_all(desk, offer, later)
    assert finish(desk, offer, later) == case.code
    case.refresh_from_db()
    assert Case.objects.count() == 1
    assert case.complete
    assert case.stage == Stage.FORWARDED
    # the operator was told in person what the recordings say
    assert not ListeningTask.objects.filter(case=case, done_at=None).exists()


def test_who_is_rung_back_and_lost_again_hears_the_code_of_the_same_case(
    desk: People, noon: datetime
) -> None:
    """Also where the switchboard takes the steps from memory."""
    case = broken_off(noon)
    offer = rung_back(desk, noon)
    take_all(desk, offer, noon)
    talk_over(offer=offer, by="lost", now=noon)
    contact = Contact.objects.get(call__channel="out-1")
    quick = QuickCalls()
    turn = quick.hear(contact=contact.pk, step=contact.step, event=ToCallbot("busy"), now=noon)
    turn = quick.hear(contact=contact.pk, step=turn.step, event=Keys("1"), now=noon)
    assert turn.code == case.code
    case.refresh_from_db()
    assert case.complete
    assert Case.objects.count() == 1


def test_another_form_makes_of_an_addition_a_case_of_its_own(desk: People, noon: datetime) -> None:
    known = stories.web_report(noon)
    call = stories.ring(noon)
    assert call.ask.expect is Expect.KNOWN
    call.say(Keys("1"))
    call.say(Keys("*"))
    offer = answered(noon)
    talk_began(offer=offer, now=noon)
    choose_script(user=desk.operator, offer=offer, branch="2", now=noon)
    take_all(desk, offer, noon)
    code = finish(desk, offer, noon)
    assert code not in {None, known.code}
    assert lines(known, Kind.ADDED) == 0
