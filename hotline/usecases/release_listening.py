"""An operator gives a case back to the listening queue."""

from datetime import datetime

from django.db import transaction

from hotline.domain.accounts.models import User
from hotline.domain.cases import listening, selectors
from hotline.domain.history.services import record
from hotline.usecases.staff import require_actor


def release_listening(*, user: User, case: str, now: datetime) -> None:
    """Does nothing if this operator does not hold it. Raises NotFound, Refusal."""
    with transaction.atomic():
        found = selectors.case_for(user, case)
        require_actor(user, desk=True, officers=False)
        listening.release(case=found, user=user)
        record(at=now, verb="release_listening", subject=f"case:{found.code}", actor=user)
