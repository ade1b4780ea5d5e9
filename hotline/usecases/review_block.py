"""A supervisor looks at a block: it stays, or it is lifted."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.calls import blocks
from hotline.domain.calls.models import Block
from hotline.domain.history.services import record
from hotline.usecases.switch_branch import require_supervisor


def review_block(*, user: User, block: int, verdict: str, now: datetime) -> Block:
    """``keep`` or ``lift``. Raises NotFound, Refusal ``not_allowed``, ``unknown_result``."""
    if verdict not in blocks.VERDICTS:
        raise Refusal("unknown_result", gettext_noop("Choose what becomes of the block."))
    with transaction.atomic():
        require_supervisor(user)
        found = blocks.review(block=block, verdict=verdict, by=user, now=now)
        record(
            at=now,
            verb="review_block",
            subject=f"block:{found.pk}",
            actor=user,
            detail={"verdict": verdict},
        )
        return found
