"""Statements that are asked so often that the database should know them: prepared once for each
connection, and without the layers that Django puts around a cursor."""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection

Row = tuple[Any, ...]


def rows(statement: str, values: Mapping[str, Any]) -> list[Row]:
    """Everything that the statement gives. Raises django.db.Error."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=True)
        return cursor.fetchall()


def one_row(statement: str, values: Mapping[str, Any]) -> Row:
    """The only row that the statement gives. Raises django.db.Error."""
    found = rows(statement, values)
    if not found:
        raise RuntimeError("a statement that always has a row gave none")
    return found[0]
