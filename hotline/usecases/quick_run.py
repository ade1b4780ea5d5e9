"""Running the quick statements: what is to be asked is a generator, so that the same steps run
in a thread (here) and beside others on an event loop (the switchboard)."""

from collections.abc import Generator, Mapping
from typing import Any, TypeVar

from hotline.domain.prepared import Row, one_row

T = TypeVar("T")
Asked = tuple[str, Mapping[str, Any]]
"""A statement of ``quick_statements`` and its values by name."""
Steps = Generator[Asked, Row, T]
"""Yields what is to be asked, is sent its only row, returns what came of it."""


def run(steps: Steps[T]) -> T:
    """On Django's connection of this thread. Raises django.db.Error."""
    try:
        asked = next(steps)
        while True:
            asked = steps.send(one_row(*asked))
    except StopIteration as end:
        result: T = end.value
        return result
