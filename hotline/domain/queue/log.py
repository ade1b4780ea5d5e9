"""What happened in the queue, one line each; and who must be told that something did."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from hotline.domain.queue.models import Event, Kind

QUEUE_CHANGED = "hotline_queue"
DESK_CHANGED = "hotline_desk"


def note(
    kind: Kind,
    *,
    at: datetime,
    branch: str = "",
    ticket: int | None = None,
    operator: int | None = None,
    seconds: float | None = None,
    detail: str = "",
) -> None:
    """One line of the log; ``seconds``: how long the state that ends had lasted."""
    Event.objects.create(
        at=at,
        kind=kind,
        branch=branch,
        ticket_id=ticket,
        operator_id=operator,
        seconds=seconds,
        detail=detail,
    )


def poke() -> None:
    """Wake the switchboards, once the transaction commits. Only what comes from elsewhere
    (a desk) needs it: a switchboard knows what it did itself, and every notification makes
    the database commit one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [QUEUE_CHANGED])


def tell_desks(operators: Iterable[int]) -> None:
    """Wake the pages of these operators (by user id), once the transaction commits."""
    told = sorted(set(operators))
    if told:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_notify(%s, one) FROM unnest(%s::text[]) AS one",
                [DESK_CHANGED, [str(operator) for operator in told]],
            )
