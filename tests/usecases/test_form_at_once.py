"""Two pages, or a page and the line, write to one call at the same moment: on real connections."""

from datetime import datetime
from uuid import UUID

import pytest

from hotline.dialogue.exchange import Keys, Served
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.queue.models import Event, Kind, Offer
from hotline.usecases.current_talk import current_talk
from hotline.usecases.finish_talk import finish_talk
from hotline.usecases.go_ready import go_ready
from hotline.usecases.hear import hear
from hotline.usecases.note_consent import note_consent
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.operators_words import Heard
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_on import sign_on
from hotline.usecases.take_down import take_down
from hotline.usecases.talk_began import talk_began
from tests import stories
from tests.people import People
from tests.usecases.test_at_once import together
from tests.workforce import operators

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {
    "need": Heard("necessities"),
    "for_whom": Heard("self"),
    "household": Heard("4"),
    "place": Heard("", stories.HOME, stories.STREET),
    "details": Heard(stories.WORDS),
}


@pytest.fixture
def desk(city: City, people: People, now: datetime) -> People:
    operators(people, now=now)
    sign_on(user=people.operator, branches=["2"], phone="sip", now=now)
    go_ready(user=people.operator, now=now)
    return people


def talking(now: datetime) -> tuple[stories.Talk, UUID]:
    call = stories.ring(now)
    call.say(Keys("2"))
    run_queue(node="test", dials=False, now=now)
    offer = Offer.objects.get().pk
    operator_answered(offer=offer, now=now)
    talk_began(offer=offer, now=now)
    return call, offer


def test_answers_that_are_kept_at_once_are_all_kept(desk: People, now: datetime) -> None:
    _, offer = talking(now)

    def take(slot: str) -> object:
        return take_down(user=desk.operator, offer=offer, slot=slot, words=WORDS[slot], now=now)

    results = together(*(lambda slot=slot: take(slot) for slot in WORDS))
    assert not [one for one in results if isinstance(one, Exception)], results
    talk = current_talk(user=desk.operator, now=now)
    assert talk is not None
    assert talk.answers.keys() >= WORDS.keys()
    assert talk.open == ()


def test_a_form_that_is_sent_twice_at_once_is_one_case(desk: People, now: datetime) -> None:
    call, offer = talking(now)
    for slot, words in WORDS.items():
        take_down(user=desk.operator, offer=offer, slot=slot, words=words, now=now)
    note_consent(user=desk.operator, offer=offer, given=True, now=now)

    def finish() -> object:
        return finish_talk(user=desk.operator, offer=offer, how="case", now=now)

    def put_down() -> object:
        turn = call.turn
        return hear(contact=turn.contact, step=turn.step, event=Served(), now=now)

    *codes, last = together(finish, finish, put_down)
    assert not isinstance(last, Exception), last
    assert set(codes) == {Case.objects.get().code}
    assert Event.objects.filter(kind=Kind.FORM).count() == 1
