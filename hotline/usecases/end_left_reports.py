"""A form that nobody sends comes to its end too."""

from datetime import datetime, timedelta

from hotline.dialogue.exchange import Left
from hotline.domain.contacts.selectors import contact_by_id, forms_left_since
from hotline.usecases.hear import hear

LEFT_AFTER = timedelta(hours=24)
AT_ONCE = 500


def end_left_reports(*, now: datetime) -> int:
    """Ends the forms that were begun a day ago and not sent: who gave a number is called
    back about what they wrote. Returns how many ended; idempotent."""
    left = forms_left_since(now - LEFT_AFTER, most=AT_ONCE)
    for contact in left:
        hear(contact=contact, step=contact_by_id(contact).step, event=Left(), now=now)
    return len(left)
