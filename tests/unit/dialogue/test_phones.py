"""One canonical form for every way of writing a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.dialogue import phones
from tests.unit.dialogue.strategies import careful


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("0901234567", "+84901234567"),
        (" 0901 234 567 ", "+84901234567"),
        ("0901.234.567", "+84901234567"),
        ("(090) 123-4567", "+84901234567"),
        ("+84901234567", "+84901234567"),
        ("+84 (0)901 234 567", "+84901234567"),
        ("0084901234567", "+84901234567"),
        ("00840901234567", "+84901234567"),
        ("84901234567", "+84901234567"),
        ("０９０１２３４５６７", "+84901234567"),
        ("0521234567", "+84521234567"),  # in use; the library calls it invalid
        ("0551234567", "+84551234567"),
        ("02838291022", "+842838291022"),
        ("0236 3881 888", "+842363881888"),
        ("19009095", "+8419009095"),
        ("1022", "1022"),
        ("113", "113"),
        ("114", "114"),
        ("115", "115"),
        ("+14155552671", "+14155552671"),
        ("0014155552671", "+14155552671"),
        ("+85512345678", "+85512345678"),
    ],
)
def test_a_number_is_known_however_it_is_written(raw: str, number: str) -> None:
    assert phones.normalise(raw) == number
    assert phones.normalise(number) == number


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "anonymous",
        "Restricted",
        "unknown",
        "0",
        "1",
        "12",
        "090123456",
        "09012345678",
        "0101234567",
        "0531234567",
        "12345678901",
        "+",
        "+1",
        "+999123456789",
        "0901234567 ext 3",
        "1-800-FLOWERS",
        "*98",
        "٠٩٠١٢٣٤٥٦٧",
        "0" * 5000,
        "0901234567\x00",
        "<sip:0901234567@host>",
    ],
)
def test_what_is_no_number_is_none(raw: str) -> None:
    assert phones.normalise(raw) is None


@careful()
@given(st.text(max_size=80) | st.text("+0123456789 -()", max_size=80))
def test_whatever_is_written_gives_a_canonical_number_or_none(raw: str) -> None:
    number = phones.normalise(raw)
    if number is None:
        return
    assert phones.normalise(number) == number
    aloud = phones.national(number)
    assert aloud.isascii()
    assert aloud.isdigit()
    assert phones.normalise(aloud) == number
    assert phones.last_digits(number) == aloud[-4:]
    assert isinstance(phones.carrier_of(number), str)


@pytest.mark.parametrize(
    ("number", "aloud"),
    [
        ("+84901234567", "0901234567"),
        ("+8419009095", "19009095"),
        ("+14155552671", "0014155552671"),
        ("1022", "1022"),
    ],
)
def test_a_number_is_read_aloud_as_it_is_dialled(number: str, aloud: str) -> None:
    assert phones.national(number) == aloud


def test_the_carrier_is_told_from_the_prefix() -> None:
    assert phones.carrier_of("+84901234567") == "MobiFone"
    assert phones.carrier_of("+84981234567").startswith("Viettel")
    assert phones.carrier_of("+842838291022") == ""
    assert phones.carrier_of("113") == ""


def test_the_last_digits_prove_that_a_number_is_known() -> None:
    assert phones.last_digits("+84901234567") == "4567"
    assert phones.last_digits("+84901234567", 3) == "567"
