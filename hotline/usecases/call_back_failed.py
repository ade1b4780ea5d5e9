"""The person whom an operator rings did not answer."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.calls import services as calls
from hotline.domain.city import selectors as cities
from hotline.domain.queue import offers
from hotline.domain.queue.policy import next_try


def call_back_failed(*, offer: UUID, result: str, now: datetime) -> None:
    """``result``: busy, no_answer, failed, no_line. The call-back keeps its place and is tried
    again later, as often as the city says; then it counts as unreachable. The operator wraps
    up. An offer that is over stays as it is."""
    with transaction.atomic():
        found = offers.live(offer)
        if found is None:
            return
        _, city = cities.current()
        ticket = found.ticket
        offers.over(found, city=city, result=result, now=now)
        offers.end_ticket(ticket, outcome=result, now=now)
        if ticket.call_back_id is not None:
            row = calls.locked_call_back(ticket.call_back_id)
            again = next_try(
                attempts=row.attempts + 1,
                most=city.call_backs.attempts,
                every_s=60 * city.call_backs.every_minutes,
                now=now.timestamp(),
            )
            next_at = datetime.fromtimestamp(again, UTC) if again is not None else None
            calls.note_attempt(row, result=result, next_at=next_at, now=now)
