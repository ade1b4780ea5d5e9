"""An operator has rung back."""

from datetime import datetime

from django.db import transaction

from hotline.core.errors import NotFound
from hotline.domain.accounts.models import User
from hotline.domain.accounts.roles import at_the_desk
from hotline.domain.calls import services
from hotline.domain.calls.models import CallBack
from hotline.domain.history.services import record


def close_call_back(*, user: User, call_back: int, result: str, now: datetime) -> CallBack:
    """``result``: ``reached``, ``unreachable``, ``wrong_number``, ``not_needed``. Closing
    twice leaves it as it was closed first. Raises NotFound, Refusal ``unknown_result``."""
    if not at_the_desk(user):
        raise NotFound
    with transaction.atomic():
        closed = services.close_call_back(call_back=call_back, user=user, result=result, now=now)
        record(
            at=now,
            verb="close_call_back",
            subject=f"call_back:{closed.pk}",
            actor=user,
            detail={"result": result},
        )
        return closed
