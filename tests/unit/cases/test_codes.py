"""A tracking code is read over the telephone and typed by tired people."""

from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.cases import codes

codes_drawn = st.builds(lambda _: codes.new_code(), st.integers())


@given(codes_drawn)
def test_a_code_has_nine_digits_and_begins_with_no_zero(code: str) -> None:
    assert codes.well_formed(code)
    assert len(code) == 9
    assert code[0] != "0"


@given(codes_drawn, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(code: str, at: int, by: int) -> None:
    wrong = str((int(code[at]) + by) % 10)
    assert not codes.well_formed(code[:at] + wrong + code[at + 1 :])


@given(codes_drawn, st.integers(0, 7))
def test_two_neighbours_swapped_are_noticed(code: str, at: int) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or not codes.well_formed(swapped)


@given(st.text(max_size=30))
def test_anything_may_be_typed(text: str) -> None:
    assert codes.well_formed(codes.clean(text)) in (True, False)


def test_codes_do_not_repeat_soon() -> None:
    assert len({codes.new_code() for _ in range(2000)}) > 1990


def test_a_pin_belongs_to_one_contact_and_one_code() -> None:
    pin = codes.pin_of("a")
    assert len(pin) == 6
    assert pin.isdecimal()
    assert pin == codes.pin_of("a")
    assert pin != codes.pin_of("b")
    stored = codes.hash_pin(code="123456789", pin=pin)
    assert pin not in stored
    assert codes.pin_fits(code="123456789", pin=pin, stored=stored)
    assert not codes.pin_fits(code="987654321", pin=pin, stored=stored)
    assert not codes.pin_fits(code="123456789", pin="", stored="")
