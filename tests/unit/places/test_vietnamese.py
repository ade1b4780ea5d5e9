"""Vietnamese words: folded for search, sorted as a dictionary does."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from hotline.core.vietnamese import accented, fold, nfc, sort_key


def test_folding_leaves_bare_letters() -> None:
    assert fold("Đường Hòa Hưng, Phường Ấp Đông") == "duong hoa hung, phuong ap dong"
    assert fold("hòa") == fold("hoà") == fold("HOA") == "hoa"


def test_the_place_of_the_tone_does_not_matter_but_the_tone_does() -> None:
    assert accented("hòa") == accented("hoà")
    assert accented("thúy") == accented("thuý")
    assert accented("hòa") != accented("hóa")
    assert accented("hòa") != accented("hoa")


def test_numbers_sort_by_value_and_letters_by_the_alphabet() -> None:
    right = [
        "Phường 1",
        "Phường 2",
        "Phường 10",
        "Phường An",
        "Phường Ăn",
        "Phường Ân",
        "Phường Bình",
        "Phường Dương",
        "Phường Đa",
        "Phường Ô",
        "Phường Ơ",
    ]
    shuffled = [*right[5:], *right[:5]]
    assert sorted(shuffled, key=sort_key) == right


def test_tones_decide_only_between_equal_letters() -> None:
    assert sorted(["má", "ma", "mạ", "mà", "mb"], key=sort_key) == ["ma", "mà", "má", "mạ", "mb"]


@given(st.text(max_size=40))
def test_any_form_of_a_text_is_the_same_text(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert nfc(decomposed) == nfc(text)
    assert fold(decomposed) == fold(text)
    assert sort_key(decomposed) == sort_key(text)
    assert sort_key(text).isascii()
