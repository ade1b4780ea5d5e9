"""An operator is ready for the next caller."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.queue import log
from hotline.domain.queue.models import Kind
from hotline.domain.workforce import selectors, services
from hotline.domain.workforce.models import PresenceState


def go_ready(*, user: User, now: datetime) -> None:
    """From a pause, or before the wrap-up ends by itself. Who is ready stays so. Raises
    NotFound, Refusal ``not_signed_on``."""
    with transaction.atomic():
        operator = selectors.operator_of(user)
        services.seen(operator=operator.pk, now=now)
        if services.be_ready(operator=operator.pk, now=now):
            log.note(Kind.PRESENCE, at=now, operator=operator.pk, detail="ready")
            log.tell_desks([operator.pk])
            log.poke()
        elif operator.presence.state == PresenceState.OFF:
            raise Refusal("not_signed_on", gettext_noop("Sign on first."))
