"""How often a proof may be guessed wrong."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.cases.models import Case, TrackingAttempt

MOST = 5
WITHIN = timedelta(minutes=15)


def require_patience(case: Case, *, now: datetime) -> None:
    """Raises Refusal ``too_many_attempts`` after five wrong proofs in 15 minutes."""
    recent = TrackingAttempt.objects.filter(case=case, at__gt=now - WITHIN).count()
    if recent >= MOST:
        raise Refusal(
            "too_many_attempts",
            gettext_noop("Too many wrong attempts. Please try again in 15 minutes or call us."),
        )


def failed(case: Case, *, now: datetime) -> None:
    TrackingAttempt.objects.create(case=case, at=now)
