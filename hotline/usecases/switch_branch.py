"""A supervisor sends a branch to the callbot, or to an announcement, for a time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import NotFound, Refusal
from hotline.domain.accounts.models import Role, User
from hotline.domain.city import selectors as cities
from hotline.domain.history.services import record
from hotline.domain.queue import switches
from hotline.domain.queue.models import BranchSwitch, SwitchTo

MOST_MINUTES = 24 * 60
MAY = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


def switch_branch(*, user: User, branch: str, to: str, minutes: int, now: datetime) -> BranchSwitch:
    """Whoever waits there is taken along. Raises NotFound, Refusal ``not_allowed``,
    ``no_branch``, ``wrong_time``."""
    with transaction.atomic():
        require_supervisor(user)
        _, city = cities.current()
        found = city.menu.branch(branch)
        if found is None or found.line is None or to not in SwitchTo.values:
            raise Refusal("no_branch", gettext_noop("People do not answer this branch."))
        if not 1 <= minutes <= MOST_MINUTES:
            raise Refusal("wrong_time", gettext_noop("Choose a time of up to 24 hours."))
        until = now + timedelta(minutes=minutes)
        row = switches.switch(user=user, branch=branch, to=SwitchTo(to), until=until, now=now)
        record(at=now, verb="switch_branch", subject=f"branch:{branch}", actor=user)
        return row


def require_supervisor(user: User) -> None:
    """Raises NotFound for who does not work here, Refusal ``not_allowed``."""
    if not user.is_active:
        raise NotFound
    if user.role not in MAY:
        raise Refusal("not_allowed", gettext_noop("Only a supervisor may do this."))
