"""What an operator takes down while they talk becomes the same case as by any other way."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.dangers import dangers_in
from hotline.dialogue.exchange import End, Expect, Keys, Say, Served, ToCallbot, Words
from hotline.dialogue.state import Source
from hotline.domain.calls import blocks
from hotline.domain.calls.models import Block, CallBack
from hotline.domain.cases import answers as case_answers
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.domain.queue.models import Event, Kind, Offer
from hotline.usecases.block_caller import block_caller
from hotline.usecases.choose_script import choose_script
from hotline.usecases.current_talk import Talk, current_talk
from hotline.usecases.erase_person import erase_person
from hotline.usecases.finish_talk import finish_talk
from hotline.usecases.go_ready import go_ready
from hotline.usecases.note_consent import note_consent
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.operators_words import Heard, WrongAnswers
from hotline.usecases.review_block import review_block
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_on import sign_on
from hotline.usecases.take_down import take_down
from hotline.usecases.talk_began import talk_began
from hotline.usecases.talk_over import talk_over
from tests import stories
from tests.people import CITIZEN, People
from tests.workforce import operators

pytestmark = pytest.mark.django_db

WORDS = {
    "need": Heard("necessities"),
    "for_whom": Heard("self"),
    "household": Heard("4"),
    "place": Heard("", stories.HOME, stories.STREET),
    "details": Heard(stories.WORDS),
    "reporter_phone": Heard(CITIZEN),
}


@pytest.fixture
def desk(city: City, people: People, now: datetime) -> People:
    """The first operator is ready for key 2."""
    operators(people, now=now)
    sign_on(user=people.operator, branches=["2"], phone="sip", now=now)
    go_ready(user=people.operator, now=now)
    return people


def connect(desk: People, now: datetime, *, told: bool = False) -> tuple[stories.Talk, UUID]:
    """A caller who speaks with the operator; ``told``: who told the callbot some of it."""
    talk = stories.ring(now)
    talk.say(Keys("2"))
    if told:
        talk.say(ToCallbot("busy"))
        for key in ("1", "1", "1"):  # consent, need, for whom
            talk.say(Keys(key))
        talk.say(Keys("*"))
    run_queue(node="test", dials=False, now=now)
    offer = Offer.objects.exclude(state="ended").get()
    operator_answered(offer=offer.pk, now=now)
    talk_began(offer=offer.pk, now=now)
    return talk, offer.pk


def shown(desk: People, now: datetime) -> Talk:
    talk = current_talk(user=desk.operator, now=now)
    assert talk is not None
    return talk


def typed(desk: People, now: datetime) -> set[str]:
    """What the operator has written."""
    answers = shown(desk, now).answers.values()
    return {answer.slot for answer in answers if answer.source is Source.OPERATOR}


def take_all(desk: People, offer: UUID, now: datetime, *, but: tuple[str, ...] = ()) -> None:
    for slot, words in WORDS.items():
        if slot not in but:
            take_down(user=desk.operator, offer=offer, slot=slot, words=words, now=now)
    note_consent(user=desk.operator, offer=offer, given=True, now=now)


def test_the_screen_tells_who_calls_before_anybody_answers(desk: People, now: datetime) -> None:
    stories.ring(now).say(Keys("2"))
    run_queue(node="test", dials=False, now=now)
    talk = shown(desk, now)
    assert (talk.state, talk.branch, talk.script) == ("ringing", "2", "hardship")
    assert talk.number == "+84901234567"
    assert talk.cases == ()


def test_a_form_becomes_the_same_case_as_a_report_on_the_web(desk: People, now: datetime) -> None:
    _, offer = connect(desk, now)
    take_all(desk, offer, now)
    code = finish_talk(user=desk.operator, offer=offer, how="case", now=now)
    spoken = Case.objects.get(code=code)
    written = stories.fill(stories.open_form(now)).case()
    for name in ("complete", "category", "urgent", "place_id", "stage", "answer_due", "script"):
        assert getattr(spoken, name) == getattr(written, name), name
    assert spoken.referrals.get().agency == written.referrals.get().agency
    assert finish_talk(user=desk.operator, offer=offer, how="case", now=now) == code
    assert Case.objects.count() == 2


def test_what_the_callbot_was_told_is_not_asked_again(desk: People, now: datetime) -> None:
    connect(desk, now, told=True)
    talk = shown(desk, now)
    told = {key: one.value for key, one in talk.answers.items() if one.source is Source.KEYS}
    assert told == {"need": "necessities", "for_whom": "self"}
    assert talk.consent is True
    assert "need" not in talk.open
    assert "details" in talk.open


def test_what_is_taken_down_stays_after_the_caller_hung_up(desk: People, now: datetime) -> None:
    call, offer = connect(desk, now)
    take_down(user=desk.operator, offer=offer, slot="details", words=Heard(stories.WORDS), now=now)
    talk_over(offer=offer, by="caller", now=now)
    call.say(Served())
    assert not CallBack.objects.exists()
    talk = shown(desk, now + timedelta(seconds=5))
    assert talk.state == "ended"
    assert talk.answers["details"].value == stories.WORDS
    take_all(desk, offer, now)
    assert finish_talk(user=desk.operator, offer=offer, how="case", now=now) is not None
    assert current_talk(user=desk.operator, now=now) is None


def test_a_case_needs_consent_and_the_required_answers(desk: People, now: datetime) -> None:
    _, offer = connect(desk, now)
    with pytest.raises(Refusal, match="agrees"):
        finish_talk(user=desk.operator, offer=offer, how="case", now=now)
    note_consent(user=desk.operator, offer=offer, given=True, now=now)
    with pytest.raises(Refusal, match="missing"):
        finish_talk(user=desk.operator, offer=offer, how="case", now=now)
    take_down(user=desk.operator, offer=offer, slot="details", words=Heard(stories.WORDS), now=now)
    code = finish_talk(user=desk.operator, offer=offer, how="case", reason="hung_up", now=now)
    case = Case.objects.get(code=code)
    assert not case.complete
    assert CallBack.objects.get().case == case


def test_a_wrong_answer_changes_nothing(desk: People, now: datetime) -> None:
    _, offer = connect(desk, now)
    with pytest.raises(WrongAnswers):
        take_down(user=desk.operator, offer=offer, slot="household", words=Heard("x"), now=now)
    with pytest.raises(NotFound):
        take_down(user=desk.operator, offer=offer, slot="nothing", words=Heard("x"), now=now)
    assert typed(desk, now) == set()


def test_an_answer_can_be_taken_back(desk: People, now: datetime) -> None:
    _, offer = connect(desk, now)
    take_down(user=desk.operator, offer=offer, slot="household", words=Heard("4"), now=now)
    take_down(user=desk.operator, offer=offer, slot="household", words=Heard(""), now=now)
    assert typed(desk, now) == set()


def test_the_number_that_rings_needs_no_typing(desk: People, now: datetime) -> None:
    _, offer = connect(desk, now)
    known = shown(desk, now).answers["reporter_phone"]
    assert (known.value, known.source) == ("+84901234567", Source.CALLER_ID)
    assert "reporter_phone" not in shown(desk, now).open
    take_all(desk, offer, now, but=("reporter_phone",))
    case = Case.objects.get(code=finish_talk(user=desk.operator, offer=offer, how="case", now=now))
    assert case.complete
    assert case_answers.read(case)["reporter_phone"].answer.value == "+84901234567"


def test_a_number_that_is_not_theirs_is_corrected(desk: People, now: datetime) -> None:
    _, offer = connect(desk, now)
    own = Heard("0988 111 222")
    take_down(user=desk.operator, offer=offer, slot="reporter_phone", words=own, now=now)
    known = shown(desk, now).answers["reporter_phone"]
    assert (known.value, known.source) == ("+84988111222", Source.OPERATOR)


def test_a_form_without_a_number_asks_for_it(desk: People, now: datetime) -> None:
    stories.ring(now, number=None).say(Keys("2"))
    run_queue(node="test", dials=False, now=now)
    offer = Offer.objects.exclude(state="ended").get()
    operator_answered(offer=offer.pk, now=now)
    talk_began(offer=offer.pk, now=now)
    assert "reporter_phone" in shown(desk, now).open


def test_a_call_of_somebody_who_was_erased_leaves_no_form(desk: People, now: datetime) -> None:
    call, offer = connect(desk, now)
    talk_over(offer=offer, by="caller", now=now)
    call.say(Served())
    person = Contact.objects.get(pk=call.turn.contact).person_id
    erase_person(person=person, actor=desk.supervisor, now=now)
    assert current_talk(user=desk.operator, now=now) is None
    with pytest.raises(Refusal, match="erased"):
        take_down(user=desk.operator, offer=offer, slot="details", words=Heard("x"), now=now)


def test_the_form_goes_with_the_caller_to_whoever_answers_again(
    desk: People, now: datetime
) -> None:
    _, offer = connect(desk, now)
    take_down(user=desk.operator, offer=offer, slot="details", words=Heard(stories.WORDS), now=now)
    talk_over(offer=offer, by="lost", now=now)
    assert shown(desk, now).offer == offer  # until somebody else has answered
    sign_on(user=desk.second_operator, branches=["2"], phone="sip", now=now)
    go_ready(user=desk.second_operator, now=now)
    run_queue(node="test", dials=False, now=now)
    again = Offer.objects.exclude(state="ended").get()
    operator_answered(offer=again.pk, now=now)
    talk_began(offer=again.pk, now=now + timedelta(seconds=1))
    assert current_talk(user=desk.operator, now=now) is None
    other = current_talk(user=desk.second_operator, now=now)
    assert other is not None
    assert other.answers["details"].value == stories.WORDS


def test_a_question_answered_at_once_is_counted_and_no_case(desk: People, now: datetime) -> None:
    _, offer = connect(desk, now)
    assert finish_talk(user=desk.operator, offer=offer, how="answered", now=now) is None
    assert not Case.objects.exists()
    assert Event.objects.get(kind=Kind.FORM).detail == "answered"


def test_the_wrong_key_is_mended_by_another_form(desk: People, now: datetime) -> None:
    _, offer = connect(desk, now)
    take_down(user=desk.operator, offer=offer, slot="details", words=Heard(stories.WORDS), now=now)
    choose_script(user=desk.operator, offer=offer, branch="0", now=now)
    talk = shown(desk, now)
    assert (talk.branch, talk.script) == ("0", "violation")


def test_nobody_writes_into_the_call_of_another(desk: People, now: datetime) -> None:
    _, offer = connect(desk, now)
    with pytest.raises(NotFound):
        take_down(user=desk.second_operator, offer=offer, slot="details", words=Heard("x"), now=now)
    with pytest.raises(NotFound):
        finish_talk(user=desk.officer, offer=offer, how="answered", now=now)


def test_words_of_danger_are_found_whatever_the_accents(city: City) -> None:
    words = {danger.number: danger.words["vi"] for danger in city.dangers}
    assert [found.number for found in dangers_in("Me toi KHO THO tu sang", words)] == ["115"]
    assert [found.number for found in dangers_in("Nhà cháy!", words)] == ["114"]
    assert dangers_in("Cháu tôi cần sữa", words) == ()


def test_a_danger_in_the_form_is_shown_with_the_number_that_helps(
    desk: People, now: datetime
) -> None:
    _, offer = connect(desk, now)
    take_down(
        user=desk.operator, offer=offer, slot="details", words=Heard("Bà tôi khó thở"), now=now
    )
    assert [found.number for found in shown(desk, now).dangers] == ["115"]


def test_an_abusive_caller_is_blocked_until_a_supervisor_lifts_it(
    desk: People, now: datetime
) -> None:
    _, offer = connect(desk, now)
    made = block_caller(user=desk.operator, offer=offer, reason="Chửi bới", days=1, now=now)
    assert "Chửi bới".encode() not in bytes(Block.objects.get().reason)
    (seen,) = blocks.in_force(desk.supervisor, now=now)
    assert (seen.reason, seen.number) == ("Chửi bới", "+84901234567")
    refused = stories.ring(now + timedelta(hours=1))
    said = [
        part.text
        for action in refused.turn.actions
        if isinstance(action, Say)
        for part in action.parts
        if isinstance(part, Words)
    ]
    assert isinstance(refused.turn.actions[-1], End)
    assert "115" in said[0]
    assert not CallBack.objects.exists()
    with pytest.raises(Refusal):
        review_block(user=desk.operator, block=made.pk, verdict="lift", now=now)
    review_block(user=desk.supervisor, block=made.pk, verdict="lift", now=now)
    assert stories.ring(now + timedelta(hours=2)).ask.expect is Expect.MENU
    assert Block.objects.get().reviewed_by == desk.supervisor
    assert blocks.in_force(desk.supervisor, now=now) == ()


def test_a_block_of_somebody_who_was_erased_shows_nothing_of_them(
    desk: People, now: datetime
) -> None:
    call, offer = connect(desk, now)
    block_caller(user=desk.operator, offer=offer, reason="Chửi bới", days=1, now=now)
    person = Contact.objects.get(pk=call.turn.contact).person_id
    erase_person(person=person, actor=desk.supervisor, now=now)
    (seen,) = blocks.in_force(desk.supervisor, now=now)
    assert (seen.reason, seen.number) == ("", "")
