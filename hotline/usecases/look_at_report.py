"""Which page is to be shown?"""

from datetime import datetime
from uuid import UUID

from hotline.domain.contacts import services
from hotline.domain.contacts.selectors import contact_by_id
from hotline.usecases.present import present
from hotline.usecases.turn import Turn


def look_at_report(*, contact: UUID, now: datetime) -> Turn:  # noqa: ARG001
    """The present question, or code, PIN and farewell of a report that was sent. Changes
    nothing. Raises NotFound."""
    row = contact_by_id(contact)
    return present(row, services.state_of(row))
