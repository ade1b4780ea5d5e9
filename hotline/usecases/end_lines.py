"""Callers whose dialogue was over have hung up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hotline.domain.calls import services as calls

Ended = tuple[UUID, datetime]
"""A contact, and when its line ended."""


def end_lines(ended: Sequence[Ended]) -> None:
    """Many at once. A line that has ended keeps its moment; one whose dialogue is not over is
    left for ``hear``."""
    calls.end_finished_calls(ended)
