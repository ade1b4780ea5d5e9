"""A branch goes back to people before its time."""

from datetime import datetime

from django.db import transaction

from hotline.domain.accounts.models import User
from hotline.domain.history.services import record
from hotline.domain.queue import switches
from hotline.usecases.switch_branch import require_supervisor


def end_switch(*, user: User, branch: str, now: datetime) -> None:
    """Twice is once. Raises NotFound, Refusal ``not_allowed``."""
    with transaction.atomic():
        require_supervisor(user)
        switches.end(branch=branch, now=now)
        record(at=now, verb="end_switch", subject=f"branch:{branch}", actor=user)
