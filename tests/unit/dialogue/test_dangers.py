"""Words of danger: none is missed, and everyday words raise no alarm."""

import unicodedata

import pytest

from hotline.dialogue.dangers import dangers_in

DANGERS = {
    "115": ["khó thở", "tự tử", "ngất", "stroke"],
    "114": ["cháy", "hỏa hoạn"],
}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Mẹ tôi KHÓ THỞ từ sáng", "115"),
        ("me toi kho tho tu sang", "115"),
        ("Nhà bên cháy!", "114"),
        ("co chay o quan 3", "114"),
        ("hoả hoạn ở chung cư", "114"),  # the tone on the other vowel
        (unicodedata.normalize("NFD", "bà vừa ngất"), "115"),
        ("em ấy đòi tự tử.", "115"),
        ("He had a stroke", "115"),
        ("khó\nthở", "115"),
    ],
)
def test_a_danger_is_found_however_it_is_typed(text: str, number: str) -> None:
    assert [found.number for found in dangers_in(text, DANGERS)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Tôi chạy xe ôm, mất việc hai tháng",
        "Xin nói từ từ",
        "Hoàn cảnh ngặt nghèo",
        "khó khăn, nhà thờ gần đó",
        "khó",
        "thở khó",
        "backstroke",
        "",
    ],
)
def test_everyday_words_raise_no_alarm(text: str) -> None:
    assert dangers_in(text, DANGERS) == ()


def test_words_without_a_letter_mean_nothing() -> None:
    assert dangers_in("!!!", {"113": ["", "!"]}) == ()


def test_every_danger_is_named_with_its_number() -> None:
    found = dangers_in("nhà cháy, bà khó thở", DANGERS)
    assert {(one.words, one.number) for one in found} == {("khó thở", "115"), ("cháy", "114")}
