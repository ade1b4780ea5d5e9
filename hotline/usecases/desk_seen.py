"""An operator's desk is open."""

from datetime import datetime

from hotline.domain.accounts.models import User
from hotline.domain.workforce import selectors, services


def desk_seen(*, user: User, now: datetime) -> None:
    """Every ten seconds or so; a desk that is silent for ``sweep.SILENT_AFTER`` is closed.
    Raises NotFound."""
    services.seen(operator=selectors.operator_of(user).pk, now=now)
