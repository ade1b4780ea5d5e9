"""The person whom an operator rings did not answer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.city import selectors as cities
from hotline.domain.queue import call_backs, offers


def call_back_failed(*, offer: UUID, result: str, now: datetime) -> None:
    """``result``: busy, no_answer, failed, no_line. The call-back keeps its place and is tried
    again later, as often as the city says; then it counts as unreachable. The operator wraps
    up. An offer that is over stays as it is."""
    with transaction.atomic():
        found = offers.live(offer)
        if found is not None:
            _, city = cities.current()
            call_backs.not_reached(found, city=city, result=result, now=now)
