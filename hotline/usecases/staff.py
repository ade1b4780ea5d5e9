"""What the acts of operators and officers have in common."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.accounts.roles import at_the_desk, is_officer
from hotline.domain.agencies.selectors import agency_of
from hotline.domain.cases import selectors, services
from hotline.domain.cases.models import Case
from hotline.domain.cases.workflow import Verb
from hotline.domain.history.services import record

NOT_ALLOWED = gettext_noop("Your role may see this but not change it.")


def act(*, user: User, case: str, verb: Verb, seen_version: int, words: str, now: datetime) -> Case:
    """One act on one case, in one transaction, written to timeline and history. Raises
    NotFound, Stale, Refusal (``not_allowed``, ``wrong_stage``)."""
    with transaction.atomic():
        found = selectors.case_for(user, case)
        require_actor(user, desk=verb is not Verb.ACCEPT, officers=True)
        services.act(
            found,
            verb,
            seen_version=seen_version,
            actor=user,
            agency=agency_of(user) if is_officer(user) else None,
            words=words,
            now=now,
        )
        record(at=now, verb=f"{verb}_case", subject=f"case:{found.code}", actor=user)
        return found


def require_actor(user: User, *, desk: bool, officers: bool) -> None:
    """Raises Refusal ``not_allowed``."""
    if not ((desk and at_the_desk(user)) or (officers and is_officer(user))):
        raise Refusal("not_allowed", NOT_ALLOWED)
