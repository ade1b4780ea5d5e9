"""The wallboard keeps what it has read; the tests' database forgets it after each."""

from collections.abc import Iterator

import pytest

from hotline.edges.screens.wallboard.latest import latest


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    latest.forget()
    yield
    latest.forget()
