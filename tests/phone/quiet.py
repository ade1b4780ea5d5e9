"""Between two tests on the line."""

from django.utils import timezone

from hotline.domain.calls.models import CallBack
from hotline.domain.contacts.models import Contact
from hotline.domain.queue.models import Ticket, TicketState


def is_quiet() -> bool:
    """Everybody has gone, and nobody waits for a call: in the hours in which people are called
    back, the next test's operators would be rung for those of this one."""
    CallBack.objects.filter(closed_at=None).update(closed_at=timezone.now(), result="not_needed")
    calls = Contact.objects.filter(ended_at=None)
    return not calls.exists() and not Ticket.objects.exclude(state=TicketState.ENDED).exists()
