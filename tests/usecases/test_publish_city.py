"""The city is data: a changed folder becomes a new version, a broken one is refused."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils.translation import override

from hotline.core.errors import AdapterError
from hotline.domain.agencies.models import Agency
from hotline.domain.calls import ports
from hotline.domain.city import selectors
from hotline.domain.city.models import CityRefusal, CityVersion
from hotline.domain.history.models import Entry
from hotline.domain.places.models import Place
from hotline.edges.adapters.speech.fake import FakeTextToSpeech
from hotline.usecases.publish_city import Published, publish_city
from hotline.usecases.take_changed_folder import FolderWatch
from tests.unit.city.folders import copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cities(tmp_path: Path) -> Path:
    copy_of("hcmc-2021", tmp_path)
    copy_of("hanoi-2021", tmp_path)
    return tmp_path


def publish(cities: Path, now: datetime, name: str = "hcmc-2021") -> Published:
    return publish_city(cities=cities, name=name, with_voice=False, now=now)


def edit(cities: Path, old: str, new: str, file: str = "city.yaml") -> None:
    path = cities / "hcmc-2021" / file
    text = path.read_text("utf8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf8")


def test_a_changed_folder_becomes_the_current_version_and_old_ones_stay(
    cities: Path, now: datetime
) -> None:
    first = publish(cities, now)
    edit(cities, "callback_minutes: 30", "callback_minutes: 45")
    second = publish(cities, now)
    assert second.version != first.version
    assert selectors.current()[1].callback_minutes == 45
    assert first.version is not None
    assert selectors.city_of(first.version).callback_minutes == 30
    assert CityVersion.objects.filter(current=True).count() == 1
    assert Entry.objects.filter(verb="city_published").count() >= 1


def test_the_same_folder_again_is_no_new_version(cities: Path, now: datetime) -> None:
    first = publish(cities, now)
    count = CityVersion.objects.count()
    again = publish(cities, now)
    assert (again.version, again.changed) == (first.version, False)
    assert CityVersion.objects.count() == count


def test_going_back_to_older_words_takes_the_older_version(cities: Path, now: datetime) -> None:
    first = publish(cities, now)
    edit(cities, "callback_minutes: 30", "callback_minutes: 45")
    publish(cities, now)
    edit(cities, "callback_minutes: 45", "callback_minutes: 30")
    assert publish(cities, now).version == first.version
    assert selectors.current_id() == first.version


def test_a_broken_folder_keeps_the_old_city_and_is_shown(cities: Path, now: datetime) -> None:
    before = publish(cities, now).version
    edit(cities, "callback_minutes: 30", "callback_minutes: soon")
    later = now + timedelta(minutes=1)
    with override("en"):
        refused = publish(cities, later)
    assert refused.version is None
    assert selectors.current_id() == before
    shown = CityRefusal.objects.latest("at").problems
    assert shown[0]["file"] == "city.yaml"
    assert shown[0]["line"] > 1
    assert "must be a whole number" in shown[0]["sentence"]
    publish(cities, later)
    assert CityRefusal.objects.filter(name="hcmc-2021").count() == 1


def test_another_city_runs_without_a_line_of_code(cities: Path, now: datetime) -> None:
    publish(cities, now)
    publish(cities, now, "hanoi-2021")
    assert selectors.current()[1].name == "hanoi-2021"
    in_use = Place.objects.filter(active=True)
    assert set(in_use.filter(level=1).values_list("code", flat=True)) == {"01"}
    assert Place.objects.filter(code="79.760").exists()  # old cases name it
    assert not Agency.objects.get(code="quan-1").active
    assert Agency.objects.get(code="ba-dinh").active
    publish(cities, now)
    assert Agency.objects.get(code="quan-1").active
    assert not Place.objects.get(code="01").active


@pytest.mark.parametrize("name", ["../etc", "", "HCMC", "atlantis", "a/b", "."])
def test_a_name_that_is_no_city_is_refused(name: str, cities: Path, now: datetime) -> None:
    assert publish(cities, now, name).problems


def test_without_a_voice_the_old_city_stays_and_the_reason_is_shown(
    cities: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(cities, now).version
    edit(cities, "callback_minutes: 30", "callback_minutes: 45")

    class Mute(FakeTextToSpeech):
        def render(self, language: str, text: str) -> None:  # type: ignore[override]
            raise AdapterError("The voice is hoarse.", permanent=True)

    monkeypatch.setattr(ports, "text_to_speech", Mute)
    monkeypatch.setattr("hotline.usecases.prepare_prompts.text_to_speech", Mute)
    refused = publish_city(cities=cities, name="hcmc-2021", with_voice=True, now=now)
    assert refused.version is None
    assert refused.again
    assert "hoarse" in refused.problems[0].sentence
    assert selectors.current_id() == before
    taken = publish(cities, now)
    assert taken.changed
    assert not CityRefusal.objects.filter(name="hcmc-2021").exists()


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def later(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


def test_a_running_system_takes_a_changed_folder_once_it_is_still(
    cities: Path, now: datetime
) -> None:
    publish(cities, now)
    watch = FolderWatch(cities, "hcmc-2021", with_voice=False)
    clock = Clock(now)
    assert watch.take_changed_folder(now=clock.now) is None
    assert watch.take_changed_folder(now=clock.later(2)) is None  # it is the current one
    edit(cities, "callback_minutes: 30", "callback_minutes: 45")
    assert watch.take_changed_folder(now=clock.later(1)) is None  # somebody may still write
    taken = watch.take_changed_folder(now=clock.later(1))
    assert taken is not None
    assert taken.changed
    assert selectors.current()[1].callback_minutes == 45
    assert watch.take_changed_folder(now=clock.later(60)) is None


def test_a_running_system_refuses_a_broken_folder_once(cities: Path, now: datetime) -> None:
    before = publish(cities, now).version
    watch = FolderWatch(cities, "hcmc-2021", with_voice=False)
    clock = Clock(now)
    watch.take_changed_folder(now=clock.now)
    edit(cities, "callback_minutes: 30", "callback_minutes: soon")
    watch.take_changed_folder(now=clock.later(1))
    refused = watch.take_changed_folder(now=clock.later(1))
    assert refused is not None
    assert refused.version is None
    assert watch.take_changed_folder(now=clock.later(1)) is None
    assert selectors.current_id() == before


def test_a_mended_folder_is_no_longer_shown_as_broken(cities: Path, now: datetime) -> None:
    publish(cities, now)
    watch = FolderWatch(cities, "hcmc-2021", with_voice=False)
    clock = Clock(now)
    for old, new in (("minutes: 30", "minutes: soon"), ("minutes: soon", "minutes: 30")):
        edit(cities, f"callback_{old}", f"callback_{new}")
        watch.take_changed_folder(now=clock.later(1))
        watch.take_changed_folder(now=clock.later(1))
        assert CityRefusal.objects.exists() is new.endswith("soon")


def test_the_watch_leaves_another_city_alone(cities: Path, now: datetime) -> None:
    publish(cities, now, "hanoi-2021")
    watch = FolderWatch(cities, "hcmc-2021", with_voice=False)
    clock = Clock(now)
    watch.take_changed_folder(now=clock.now)
    assert watch.take_changed_folder(now=clock.later(5)) is None
    assert selectors.current()[1].name == "hanoi-2021"


def test_a_folder_that_vanishes_changes_nothing(cities: Path, now: datetime) -> None:
    before = publish(cities, now).version
    watch = FolderWatch(cities, "hcmc-2021", with_voice=False)
    clock = Clock(now)
    (cities / "hcmc-2021").rename(cities / "gone")
    watch.take_changed_folder(now=clock.now)
    assert watch.take_changed_folder(now=clock.later(5)) is None
    assert selectors.current_id() == before
