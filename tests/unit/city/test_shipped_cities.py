"""The cities that ship are right, and say what the hotlines of 2021 said."""

from pathlib import Path

import pytest

from hotline.core.errors import NotFound
from hotline.dialogue.script import Channel, words
from hotline.dialogue.spoken import spoken_texts
from hotline.domain.city.model import City
from tests.unit.city.folders import CITIES, SHIPPED, check


def city_of(name: str) -> City:
    return City.from_content(check(CITIES / name).content)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_city_has_no_mistake(name: str) -> None:
    assert check(CITIES / name).problems == ()


def test_every_folder_of_cities_is_tested() -> None:
    assert {path.name for path in CITIES.iterdir() if path.is_dir()} == set(SHIPPED)


def test_the_first_city_has_keys_0_to_4_and_three_needs_behind_key_2() -> None:
    city = city_of("hcmc-2021")
    assert [branch.key for branch in city.menu.branches] == list("01234")
    hardship = city.menu.branch("2")
    assert hardship is not None
    assert hardship.script is not None
    need = city.scripts[hardship.script].slots[0]
    assert [option.category for option in need.options] == [
        "necessities",
        "support-not-received",
        "others-in-need",
    ]
    assert sum(agency.kind == "district" for agency in city.agencies) == 1 + 16 + 5


def test_the_second_city_has_keys_1_to_7_and_gives_outside_numbers_on_three() -> None:
    city = city_of("hanoi-2021")
    assert [branch.key for branch in city.menu.branches] == list("1234567")
    outside = [branch.key for branch in city.menu.branches if branch.outside_number]
    assert outside == ["1", "2", "3"]
    labour = city.scripts["labour"].slot("topic")
    assert len(labour.options) == 8


@pytest.mark.parametrize("name", SHIPPED)
def test_the_voice_says_that_the_call_is_free_and_recorded(name: str) -> None:
    greeting = words(city_of(name).menu.greeting, language="vi", channel=Channel.VOICE)
    assert "miễn phí" in greeting
    assert "ghi âm" in greeting


@pytest.mark.parametrize("name", SHIPPED)
def test_emergency_numbers_come_first_in_every_language(name: str) -> None:
    city = city_of(name)
    assert {line.number for line in city.emergency} == {"113", "114", "115"}
    for language in city.languages:
        text = words(city.menu.emergency, language=language, channel=Channel.VOICE)
        assert all(number in text for number in ("113", "114", "115"))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_voice_can_say_everything_in_every_language(name: str) -> None:
    city = city_of(name)
    texts = spoken_texts(city.book, city.languages)
    assert {language for language, _text in texts} == set(city.languages)
    assert all(text.strip() for _language, text in texts)


def test_promises_of_2021() -> None:
    city = city_of("hcmc-2021")
    hardship = city.promise_for("necessities")
    assert (hardship.forward_minutes, hardship.news_minutes) == (5, 30)
    idea = city.promise_for("proposal")
    assert (idea.forward_minutes, idea.news_minutes, idea.answer_days) == (5, None, 5)
    assert city.promise_for("health-advice").answer_days == 1
    assert city.promise_for(None).default


def test_a_city_says_what_it_does_not_know() -> None:
    city = city_of("hcmc-2021")
    with pytest.raises(NotFound):
        city.category("weather")
    with pytest.raises(NotFound):
        city.agency("ministry-of-silly-walks")
    with pytest.raises(NotFound):
        city.promise_for("weather")


def test_urgency_follows_the_category_and_before_it_the_branch() -> None:
    city = city_of("hcmc-2021")
    assert city.is_urgent("necessities", "2")
    assert city.is_urgent(None, "3")
    assert not city.is_urgent(None, "2")
    assert not city.is_urgent("proposal", "3")


def test_the_content_survives_json(tmp_path: Path) -> None:
    import json

    content = check(CITIES / "hcmc-2021").content
    assert City.from_content(json.loads(json.dumps(content))) == City.from_content(content)
