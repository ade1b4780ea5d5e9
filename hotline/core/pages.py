"""A page of a longer list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """``number`` counts from 1; ``total`` rows make ``pages`` pages (at least one)."""

    rows: tuple[Row, ...]
    number: int
    pages: int
    total: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def bounds(*, number: int, size: int, total: int) -> tuple[int, int, slice]:
    """(the page that is shown, how many there are, its rows). A number beyond either end
    shows the page at that end."""
    pages = max(1, -(-total // size))
    shown = min(max(1, number), pages)
    return shown, pages, slice((shown - 1) * size, shown * size)
