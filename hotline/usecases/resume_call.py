"""Our side came back while the caller waited: ask again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hotline.domain.contacts import services
from hotline.usecases.present import present
from hotline.usecases.turn import Turn


def resume_call(*, contact: UUID, now: datetime) -> Turn:  # noqa: ARG001
    """The present question with an apology, or the farewell if the dialogue has ended. The
    step stays. Raises NotFound."""
    with transaction.atomic():
        row = services.locked(contact)
        return present(row, services.state_of(row))
