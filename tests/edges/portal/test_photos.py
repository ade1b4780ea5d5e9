"""Photos of a report: checked, stripped, and their place used only if the person says so."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from hotline.domain.contacts.models import Photo
from tests.edges.portal.paper import Citizen, Page, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_photos(citizen: Citizen) -> Citizen:
    citizen.walk("photos")
    return citizen


def _pictures(page: Page) -> list[str]:
    return [part.split('"')[0] for part in page.html.split('<img src="')[1:] if "/photos/" in part]


def test_several_photos_at_once_go_on_to_the_next_question(at_photos: Citizen) -> None:
    page = at_photos.photos(photo("a.jpg"), photo("b.jpg"))
    assert page.asks == "reporter_phone"
    assert Photo.objects.count() == 2


def test_photos_may_be_left_out_and_are_not_asked_for_again(at_photos: Citizen) -> None:
    assert at_photos.photos().asks == "reporter_phone"
    assert at_photos.answer("reporter_phone").asks == "check"


def test_the_place_of_a_photo_is_offered_and_kept_only_if_wanted(at_photos: Citizen) -> None:
    page = at_photos.photos(photo(located=True), photo("b.jpg", located=True))
    assert page.asks == "photos"
    assert page.html.count('value="keep-location"') == 2
    first, second = Photo.objects.order_by("created_at")
    page = at_photos.photos(do="keep-location", photo=str(first.pk))
    assert page.html.count('value="keep-location"') == 1
    page = at_photos.photos(do="drop-location", photo=str(second.pk))
    assert "keep-location" not in page.html
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.location_kept, second.location_kept) == (True, False)
    assert at_photos.photos().asks == "reporter_phone"


def test_what_is_shown_back_has_lost_its_metadata(at_photos: Citizen) -> None:
    page = at_photos.photos(photo(located=True), do="add")
    (address,) = _pictures(page)
    response = at_photos.client.get(address)
    assert response["Content-Type"] == "image/jpeg"
    shown = Image.open(io.BytesIO(response.content))
    assert not shown.getexif()
    assert b"The phone" not in response.content


def test_nobody_else_sees_the_photo_of_a_report_under_way(at_photos: Citizen) -> None:
    (address,) = _pictures(at_photos.photos(photo(), do="add"))
    stranger = Citizen(Client())
    assert stranger.client.get(address).status_code == 404
    stranger.walk("photos")
    assert stranger.client.get(address).status_code == 404


def test_one_bad_file_is_named_and_the_good_ones_are_kept(at_photos: Citizen) -> None:
    bad = SimpleUploadedFile("thư.jpg", b"this is no photo", "image/jpeg")
    page = at_photos.photos(photo("tốt.jpg"), bad)
    assert page.status == 422
    assert "thư.jpg" in page.text
    assert Photo.objects.count() == 1
    assert len(_pictures(page)) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8\xff", b"GIF89a", b"<svg onload='alert(1)'/>", b"\x00\x00\x00\x18ftypheic"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(at_photos: Citizen, content: bytes) -> None:
    page = at_photos.photos(SimpleUploadedFile("x.png", content, "image/png"))
    assert page.asks == "photos"
    assert not Photo.objects.exists()
    if content:  # browsers send an empty file where none was chosen; Django drops it
        assert page.refused


def test_a_photo_larger_than_ten_megabytes_is_refused(at_photos: Citizen) -> None:
    large = SimpleUploadedFile("to.jpg", b"\xff\xd8" + bytes(10 * 1024 * 1024), "image/jpeg")
    assert at_photos.photos(large).refused
    assert not Photo.objects.exists()


def test_a_sixth_photo_is_refused_and_five_are_kept(at_photos: Citizen) -> None:
    page = at_photos.photos(*(photo(f"{n}.jpg") for n in range(6)))
    assert page.refused
    assert Photo.objects.count() == 5
    assert 'type="file"' not in at_photos.get(f"{at_photos.root}photos/").html


def test_a_photo_can_be_taken_back_twice_without_harm(at_photos: Citizen) -> None:
    at_photos.photos(photo(), do="add")
    one = str(Photo.objects.get().pk)
    assert not _pictures(at_photos.photos(do="remove", photo=one))
    assert at_photos.photos(do="remove", photo=one).status == 200
    assert not Photo.objects.exists()


def test_somebody_elses_photo_cannot_be_changed(at_photos: Citizen) -> None:
    at_photos.photos(photo(located=True), do="add")
    one = Photo.objects.get()
    stranger = Citizen(Client())
    stranger.walk("photos")
    for do in ("keep-location", "remove"):
        stranger.photos(do=do, photo=str(one.pk))
    one.refresh_from_db()
    assert not one.location_kept
    assert stranger.photos(do="remove", photo="no-id").status == 404


def test_photos_are_counted_on_the_check_page_and_can_be_changed_from_there(
    citizen: Citizen,
) -> None:
    citizen.walk()
    page = citizen.photos(photo(), changing="1")
    assert page.asks == "check"
    assert f"{citizen.root}photos/?change" in page.links
