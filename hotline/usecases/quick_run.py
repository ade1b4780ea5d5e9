"""Running the quick statements: what is to be asked is a generator, so that the same steps run
in a thread (here) and beside others on an event loop (the switchboard)."""

from collections.abc import Generator, Mapping
from typing import Any, TypeVar

import psycopg
from django.db import connection

T = TypeVar("T")
Row = tuple[Any, ...]
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


def one_row(statement: str, values: Mapping[str, Any]) -> Row:
    """The only row that the statement gives. Raises django.db.Error."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=True)
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("a statement of the quick way gave no row")
    return tuple(row)
