"""Two at the same moment: on real connections, each in a transaction of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

import pytest
from django.db import connection

from hotline.core.errors import Refusal, Stale
from hotline.dialogue.exchange import Keys, Left, Typed
from hotline.domain.calls.models import Call, CallBack
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.people.models import Person
from hotline.usecases.claim_listening import claim_listening
from hotline.usecases.hear import hear
from hotline.usecases.note_case import note_case
from hotline.usecases.open_case import open_case
from hotline.usecases.take_call import take_call
from tests import stories
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)
R = TypeVar("R")


def together(*acts: Callable[[], R]) -> list[R | Exception]:
    """Runs all at once, each on a connection of its own; what each gave or raised."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], R]) -> R | Exception:
        start.wait()
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_event_that_arrives_four_times_at_once_is_taken_once(city: City, now: datetime) -> None:
    talk = stories.fill(stories.open_form(now), send=False)
    turns = together(
        *(
            lambda: hear(
                contact=talk.turn.contact, step=talk.turn.step, event=Typed("yes"), now=now
            )
            for _ in range(4)
        )
    )
    assert Case.objects.count() == 1
    assert {getattr(turn, "code", turn) for turn in turns} == {Case.objects.get().code}


def test_one_channel_taken_twice_at_once_is_one_call(city: City, now: datetime) -> None:
    turns = together(
        *(
            lambda: take_call(channel="PJSIP/9", node="test", number="0901234567", now=now)
            for _ in range(4)
        )
    )
    assert Call.objects.count() == 1
    assert len({getattr(turn, "contact", turn) for turn in turns}) == 1


def test_one_number_on_four_lines_is_one_person_with_one_call_back(
    city: City, now: datetime
) -> None:
    def ring_and_hang_up(line: int) -> Callable[[], object]:
        def act() -> object:
            talk = stories.ring(now, channel=f"PJSIP/{line}")
            return talk.say(Left())

        return act

    together(*(ring_and_hang_up(line) for line in range(4)))
    assert Person.objects.count() == 1
    assert Call.objects.filter(ended_at=None).count() == 0
    assert CallBack.objects.get().times == 4


def test_operators_who_ask_at_once_get_different_cases(
    city: City, now: datetime, people: People
) -> None:
    for line in range(3):
        stories.voice_report(now, number=f"091111111{line}")
    staff = (people.operator, people.second_operator, people.supervisor)
    taken = together(*((lambda user=user: claim_listening(user=user, now=now)) for user in staff))
    assert set(taken) == set(Case.objects.values_list("code", flat=True))


def test_of_two_who_write_at_once_one_is_told(city: City, now: datetime, people: People) -> None:
    case = stories.web_report(now)

    def write(user: object) -> Callable[[], object]:
        return lambda: note_case(
            user=user,  # type: ignore[arg-type]
            case=case.code,
            seen_version=case.version,
            text="ghi chú",
            now=now,
        )

    done = together(write(people.operator), write(people.second_operator))
    assert sorted(isinstance(result, Stale) for result in done) == [False, True]
    assert case.events.filter(kind="noted").count() == 1


def test_guessing_at_once_is_counted_too(city: City, now: datetime) -> None:
    case = stories.web_report(now)
    tries = together(
        *(
            (lambda guess=guess: open_case(code=case.code, proof=f"{guess:04}", now=now))
            for guess in range(12)
        )
    )
    codes = [error.code for error in tries if isinstance(error, Refusal)]
    assert codes.count("wrong_proof") == 5
    assert codes.count("too_many_attempts") == 7


def test_keys_of_one_call_are_taken_one_after_the_other(city: City, now: datetime) -> None:
    talk = stories.choose(stories.ring(now))
    step = talk.turn.step
    turns = together(
        *(
            (lambda key=key: hear(contact=talk.turn.contact, step=step, event=Keys(key), now=now))
            for key in ("1", "2", "3")
        )
    )
    assert {getattr(turn, "step", turn) for turn in turns} == {step + 1}
