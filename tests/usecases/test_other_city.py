"""Another city is other data: the same code takes its calls."""

from datetime import datetime, timedelta

import pytest

from hotline.dialogue.exchange import Digits, Expect, Keys, Outside, OutsideOver, Silence, Typed
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from tests import stories
from tests.loaded_city import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanoi(city: City) -> City:
    return load("hanoi-2021")


def outside(city: City) -> tuple[str, str]:
    """A key of the menu that names an outside number, and the number."""
    branch = next(branch for branch in city.menu.branches if branch.outside_number)
    return branch.key, branch.outside_number or ""


def test_an_outside_number_is_said_and_who_wants_is_rung_back(hanoi: City, now: datetime) -> None:
    key, number = outside(hanoi)
    talk = stories.ring(now)
    talk.say(Keys(key))
    assert talk.turn.actions[-1] == Outside(number)
    talk.say(OutsideOver("no_line"))
    assert talk.ask.expect is Expect.ANNOUNCEMENT
    assert talk.ask.parts.count(Digits(number)) == 2
    talk.say(Keys("1"))
    assert talk.ended
    call_back = CallBack.objects.get()
    assert (call_back.branch, call_back.reason) == (key, "announcement")
    assert call_back.due_at == now + timedelta(minutes=hanoi.callback_minutes)
    assert not Case.objects.exists()


def test_who_has_heard_the_number_and_wants_no_more_is_served(hanoi: City, now: datetime) -> None:
    talk = stories.ring(now)
    talk.say(Keys(outside(hanoi)[0]))
    talk.say(OutsideOver("no_line"))
    for _ in range(10):
        if talk.ended:
            break
        talk.say(Silence())
    assert Contact.objects.get().outcome == "complete"
    assert not CallBack.objects.exists()
    assert not Case.objects.exists()


def test_each_script_by_telephone_and_by_form_is_a_case(hanoi: City, now: datetime) -> None:
    for number, branch in enumerate(branch for branch in hanoi.menu.branches if branch.script):
        spoken = stories.choose(stories.ring(now, number=f"093333333{number}"), branch.key)
        while not spoken.ended:
            quiet = spoken.ask.speech is None
            spoken.say(Keys("1") if quiet else stories.speak(5))
        written = stories.open_form(now, branch=branch.key)
        while not written.ended:
            place = stories.HOME if written.ask.expect is Expect.PLACE else None
            phone = written.ask.expect is Expect.PHONE
            word = "yes" if written.ask.slot is None else "0912345678" if phone else "1"
            written.say(Typed(word, place))
        for case in (spoken.case(), written.case()):
            assert case.complete, branch.key
            assert case.agency or case.reason["vi"], branch.key
            assert case.city_version.name == "hanoi-2021"


def test_a_case_stays_with_the_city_under_which_it_was_taken(city: City, now: datetime) -> None:
    case = stories.web_report(now)
    before = stories.open_form(now)
    load("hanoi-2021")
    stories.fill(before)
    assert before.case().city_version == case.city_version
    assert before.case().agency == case.agency
