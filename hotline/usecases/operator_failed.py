"""An operator's phone did not answer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.queue import offers


def operator_failed(*, offer: UUID, result: str, now: datetime) -> None:
    """``result``: no_answer, busy, refused, unreachable, lost. The operator is paused, the
    caller keeps the place. An offer that is over stays as it is."""
    with transaction.atomic():
        found = offers.live(offer)
        if found is not None:
            offers.failed(found, result=result, now=now)
