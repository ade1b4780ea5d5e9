"""An operator ends their work."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.queue import log
from hotline.domain.queue.models import Kind
from hotline.domain.workforce import selectors, services
from hotline.domain.workforce.models import PresenceState


def sign_off(*, user: User, now: datetime) -> None:
    """Twice is once. Raises NotFound, Refusal ``on_a_call``."""
    with transaction.atomic():
        operator = selectors.operator_of(user)
        if services.sign_off(operator=operator.pk, now=now):
            log.note(Kind.PRESENCE, at=now, operator=operator.pk, detail="off")
            log.tell_desks([operator.pk])
            log.poke()
        elif operator.presence.state != PresenceState.OFF:
            raise Refusal("on_a_call", gettext_noop("This can be done once the call is over."))
