"""Another version of an immutable value."""

from dataclasses import dataclass, replace

import pytest

from hotline.core.evolve import evolve


@dataclass(frozen=True, kw_only=True)
class Value:
    one: int
    two: str = ""


def test_it_is_what_replace_would_have_made() -> None:
    value = Value(one=1, two="b")
    made = evolve(value, one=2)
    assert made == replace(value, one=2)
    assert hash(made) == hash(replace(value, one=2))
    assert value == Value(one=1, two="b")


def test_a_field_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="no such field"):
        evolve(Value(one=1), three=3)
