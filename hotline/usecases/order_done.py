"""The switchboard did what an operator ordered, or could not."""

from datetime import datetime

from django.db import transaction

from hotline.domain.queue import log
from hotline.domain.queue.models import Order, Verb


def order_done(*, order: int, result: str, now: datetime) -> bool:
    """``result``: ``done``, or why not: ``no_line``, ``busy``, ``no_answer``, ``failed``,
    ``not_now``. Once; False if it was done already."""
    with transaction.atomic():
        found = Order.objects.select_for_update().select_related("offer").get(pk=order)
        if found.done_at is not None:
            return False
        found.done_at, found.result = now, result
        found.save(update_fields=["done_at", "result"])
        if result == "done" and found.verb in {Verb.HOLD, Verb.RESUME}:
            found.offer.held = found.verb == Verb.HOLD
            found.offer.save(update_fields=["held"])
        log.tell_desks([found.offer.operator_id])
        return True
