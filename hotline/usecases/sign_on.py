"""An operator begins to work."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.city import selectors as cities
from hotline.domain.queue import log
from hotline.domain.queue.models import Kind
from hotline.domain.workforce import selectors, services
from hotline.domain.workforce.models import Operator, PhoneKind


def sign_on(*, user: User, branches: Sequence[str], phone: str, now: datetime) -> Operator:
    """On duty for these branches, paused until they say that they are ready. Who is on duty
    already changes branches and phone. Raises NotFound, Refusal ``no_skill``,
    ``unknown_phone``, ``on_a_call``."""
    with transaction.atomic():
        operator = selectors.operator_of(user)
        _, city = cities.current()
        skills = selectors.skills_of(operator)
        known = {branch.key for branch in city.menu.branches if branch.line is not None}
        chosen = {branch: skills[branch] for branch in branches if branch in skills}
        if not branches or set(branches) - set(chosen) or set(chosen) - known:
            raise Refusal("no_skill", gettext_noop("Choose branches that you may answer."))
        if phone not in PhoneKind.values:
            raise Refusal("unknown_phone", gettext_noop("Choose which phone shall ring."))
        if not services.sign_on(operator=operator, skills=chosen, phone=PhoneKind(phone), now=now):
            raise Refusal("on_a_call", gettext_noop("This can be done once the call is over."))
        log.note(Kind.PRESENCE, at=now, operator=operator.pk, detail="signed_on")
        log.tell_desks([operator.pk])
        log.poke()
        return operator
