"""What was written to the history stays as it was written."""

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from hotline.domain.history.models import Entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE history_entry SET verb = 'nothing'",
        "DELETE FROM history_entry",
    ],
)
def test_the_history_refuses_to_be_changed(now: datetime, attack: str) -> None:
    Entry.objects.create(at=now, verb="read_contact", subject="case:1")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(attack)
    assert Entry.objects.get(subject="case:1").verb == "read_contact"


@pytest.mark.parametrize("table", ["history_entry", "cases_caseevent"])
def test_the_history_refuses_to_be_emptied(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only_table")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {table} CASCADE")
