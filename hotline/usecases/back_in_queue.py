"""The caller found nobody outside and waits again."""

from datetime import datetime

from django.db import transaction

from hotline.domain.queue import log, services
from hotline.domain.queue.models import Kind, Ticket, TicketState


def back_in_queue(*, ticket: int, now: datetime) -> bool:
    """At the place of before. False for whoever does not come from outside."""
    with transaction.atomic():
        found = Ticket.objects.select_for_update().filter(pk=ticket).first()
        if found is None or found.state != TicketState.OUTSIDE:
            return False
        services.back_in_line(found, now=now)
        log.note(Kind.BACK_FROM_OUTSIDE, at=now, branch=found.branch, ticket=found.pk)
        return True
