"""An operator takes the next case to listen to."""

from datetime import datetime

from django.db import transaction

from hotline.domain.accounts.models import User
from hotline.domain.cases import listening
from hotline.usecases.staff import require_actor


def claim_listening(*, user: User, now: datetime) -> str | None:
    """The code of the case that this operator holds already, else of the next one (urgent
    first, then oldest), theirs for 15 minutes; None when nobody waits. Raises Refusal."""
    require_actor(user, desk=True, officers=False)
    with transaction.atomic():
        case = listening.claim_next(user=user, now=now)
        return case.code if case else None
