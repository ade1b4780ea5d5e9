"""Photos of a report: offered place, five at most, sealed, seen by who may."""

import io
import uuid
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.exchange import Typed
from hotline.domain.cases.models import Case
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Photo
from hotline.domain.contacts.photos import location_of
from hotline.domain.contacts.selectors import photos_of_case, photos_of_contact
from hotline.domain.history.selectors import entries_of
from hotline.usecases.accept_case import accept_case
from hotline.usecases.attach_photo import attach_photo
from hotline.usecases.keep_photo_location import keep_photo_location
from hotline.usecases.remove_photo import remove_photo
from hotline.usecases.view_photo import view_own_photo, view_photo
from tests import stories
from tests.people import People
from tests.stories import Talk
from tests.unit.contacts.test_images import HERE, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(city: City, now: datetime) -> Talk:
    return stories.fill(stories.open_form(now), send=False)


def send(talk: Talk) -> Case:
    talk.say(Typed("yes"))
    return talk.case()


def test_the_place_of_a_photo_is_kept_only_if_the_person_says_so(talk: Talk, now: datetime) -> None:
    contact = talk.turn.contact
    kept = attach_photo(contact=contact, content=photo(gps=HERE), now=now)
    dropped = attach_photo(contact=contact, content=photo(gps=HERE), now=now)
    assert kept.location is not None
    keep_photo_location(contact=contact, photo=kept.id, now=now)
    assert [seen.location_kept for seen in photos_of_contact(contact)] == [True, False]
    send(talk)
    assert location_of(Photo.objects.get(pk=kept.id)) == kept.location
    assert Photo.objects.get(pk=dropped.id).location is None


def test_the_sixth_photo_is_refused(talk: Talk, now: datetime) -> None:
    for _ in range(5):
        attach_photo(contact=talk.turn.contact, content=photo(), now=now)
    with pytest.raises(Refusal) as refused:
        attach_photo(contact=talk.turn.contact, content=photo(), now=now)
    assert refused.value.code == "too_many_photos"


def test_nothing_is_attached_once_the_report_is_sent(talk: Talk, now: datetime) -> None:
    taken = attach_photo(contact=talk.turn.contact, content=photo(), now=now)
    send(talk)
    with pytest.raises(Refusal):
        attach_photo(contact=talk.turn.contact, content=photo(), now=now)
    with pytest.raises(Refusal):
        remove_photo(contact=talk.turn.contact, photo=taken.id, now=now)


def test_a_photo_lies_sealed_on_the_disk(talk: Talk, now: datetime) -> None:
    taken = attach_photo(contact=talk.turn.contact, content=photo(), now=now)
    file = Path(settings.ENV.media) / Photo.objects.get(pk=taken.id).file
    assert b"JFIF" not in file.read_bytes()
    shown = view_own_photo(contact=talk.turn.contact, photo=taken.id)
    assert Image.open(io.BytesIO(shown)).format == "JPEG"


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_was_taken_back_is_gone(city: City, now: datetime) -> None:
    talk = stories.open_form(now)
    taken = attach_photo(contact=talk.turn.contact, content=photo(), now=now)
    file = Path(settings.ENV.media) / Photo.objects.get(pk=taken.id).file
    for _ in range(2):
        remove_photo(contact=talk.turn.contact, photo=taken.id, now=now)
    assert not file.exists()
    assert photos_of_contact(talk.turn.contact) == ()


def test_somebody_elses_photo_is_not_there(talk: Talk, now: datetime) -> None:
    taken = attach_photo(contact=talk.turn.contact, content=photo(), now=now)
    stranger = stories.open_form(now).turn.contact
    with pytest.raises(NotFound):
        view_own_photo(contact=stranger, photo=taken.id)
    with pytest.raises(NotFound):
        keep_photo_location(contact=stranger, photo=taken.id, now=now)
    remove_photo(contact=stranger, photo=taken.id, now=now)
    assert Photo.objects.filter(pk=taken.id).exists()


def test_who_may_see_it_and_each_look_is_kept(talk: Talk, now: datetime, people: People) -> None:
    taken = attach_photo(contact=talk.turn.contact, content=photo(), now=now)
    case = send(talk)
    for user in (people.officer, people.other_officer, people.observer):
        with pytest.raises(NotFound):
            view_photo(user=user, photo=taken.id, now=now)
    assert photos_of_case(people.officer, case) == ()
    accept_case(user=people.officer, case=case.code, seen_version=case.version, now=now)
    assert view_photo(user=people.officer, photo=taken.id, now=now)
    assert view_photo(user=people.operator, photo=taken.id, now=now)
    assert [photo.id for photo in photos_of_case(people.officer, case)] == [taken.id]
    looks = entries_of(f"photo:{taken.id}")
    assert {entry.actor for entry in looks} == {people.officer, people.operator}
    with pytest.raises(NotFound):
        view_photo(user=people.operator, photo=uuid.uuid4(), now=now)
