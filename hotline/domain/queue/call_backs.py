"""Persons whom an operator rings: what an attempt that reached nobody means."""

from datetime import UTC, datetime

from hotline.domain.calls import services as calls
from hotline.domain.city.model import City
from hotline.domain.queue import offers
from hotline.domain.queue.models import Offer
from hotline.domain.queue.policy import next_try


def not_reached(offer: Offer, *, city: City, result: str, now: datetime) -> None:
    """The call-back keeps its place and is tried again later, as often as the city says; then
    it counts as unreachable. The operator wraps up. The offer is locked and not over."""
    ticket = offer.ticket
    offers.over(offer, city=city, result=result, now=now)
    offers.end_ticket(ticket, outcome=result, now=now)
    if ticket.call_back_id is None:
        return
    row = calls.locked_call_back(ticket.call_back_id)
    again = next_try(
        attempts=row.attempts + 1,
        most=city.call_backs.attempts,
        every_s=60 * city.call_backs.every_minutes,
        now=now.timestamp(),
    )
    next_at = datetime.fromtimestamp(again, UTC) if again is not None else None
    calls.note_attempt(row, result=result, next_at=next_at, now=now)
