"""Personal data can be read only where it belongs, and by nobody once the key is gone."""

from datetime import datetime

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.people import sealing, selectors, services
from hotline.domain.people.models import Person
from hotline.domain.people.sealing import Erased, Sealer, Tampered

PLACE = "people_person.name"


@pytest.fixture
def person(db: None, now: datetime) -> Person:
    return services.person_for_number(number="+84901234567", now=now)


@given(st.binary(max_size=300))
def test_what_was_sealed_comes_back(content: bytes) -> None:
    sealer = Sealer(Person().pk, b"k" * 32)
    assert sealer.unseal(sealer.seal(content, where=PLACE), where=PLACE) == content


def test_the_same_words_look_different_each_time(person: Person) -> None:
    first = sealing.seal(person.pk, "Nguyễn Thị Lan", where=PLACE)
    second = sealing.seal(person.pk, "Nguyễn Thị Lan", where=PLACE)
    assert first != second
    assert b"Lan" not in first


def test_a_value_that_was_moved_or_changed_does_not_open(person: Person, now: datetime) -> None:
    blob = sealing.seal(person.pk, "Lan", where=PLACE)
    with pytest.raises(Tampered):
        sealing.unseal(person.pk, blob, where="people_person.phone")
    with pytest.raises(Tampered):
        sealing.unseal(person.pk, blob[:-1] + bytes([blob[-1] ^ 1]), where=PLACE)
    with pytest.raises(Tampered):
        sealing.unseal(person.pk, b"Lan", where=PLACE)
    other = services.anonymous(now=now)
    with pytest.raises(Erased):  # another person's key: told by its id
        sealing.unseal(other.pk, blob, where=PLACE)


def test_the_persons_key_stands_wrapped_under_the_master_key(person: Person) -> None:
    wrapped = bytes(person.key.wrapped)
    assert settings.ENV.secrets.master not in wrapped
    assert len(wrapped) == 1 + 4 + 12 + 32 + 16


def test_erasing_the_key_erases_every_value(person: Person, now: datetime) -> None:
    services.give_name(person=person, name="Lan")
    blob = sealing.seal(person.pk, "free speech", where="cases_caseanswer.value")
    services.erase(person)
    person.refresh_from_db()
    with pytest.raises(Erased):
        sealing.unseal(person.pk, blob, where="cases_caseanswer.value")
    assert selectors.name_of(person) is None
    assert selectors.phone_of(person) is None
    assert selectors.erased(person.pk)
    again = services.person_for_number(number="+84901234567", now=now)
    assert again.pk != person.pk


def test_a_number_is_found_by_its_blind_index_only(person: Person) -> None:
    assert selectors.with_number("+84901234567") == person
    assert selectors.with_number("+84901234568") is None
    stored = bytes(Person.objects.get().phone_index or b"")
    assert stored == selectors.index_of("+84901234567")
    assert b"901234567" not in stored


def test_a_form_with_somebodys_number_does_not_rename_them(person: Person) -> None:
    services.give_name(person=person, name="Lan")
    services.give_name(person=person, name="Kẻ mạo danh")
    assert selectors.name_of(person) == "Lan"


def test_an_anonymous_person_becomes_the_one_of_a_new_number(now: datetime, db: None) -> None:
    somebody = services.anonymous(now=now)
    same = services.give_number(person=somebody, number="+84912345678", now=now)
    assert same.pk == somebody.pk
    newcomer = services.anonymous(now=now)
    known = services.give_number(person=newcomer, number="+84912345678", now=now)
    assert known.pk == somebody.pk
