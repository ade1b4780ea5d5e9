"""Reads of operators and of what they do now."""

from hotline.core.errors import NotFound
from hotline.domain.accounts.models import User
from hotline.domain.accounts.roles import at_the_desk
from hotline.domain.workforce.models import Operator, PresenceState


def operator_of(user: User) -> Operator:
    """The operator that the user is, with ``presence``. Raises NotFound for who is none."""
    if not at_the_desk(user):
        raise NotFound
    try:
        return Operator.objects.select_related("user", "presence").get(user=user)
    except Operator.DoesNotExist:
        raise NotFound from None


def by_extension(extension: str) -> Operator:
    """Raises NotFound."""
    try:
        return Operator.objects.select_related("user", "presence").get(extension=extension)
    except Operator.DoesNotExist:
        raise NotFound from None


def skills_of(operator: Operator) -> dict[str, int]:
    """Level by branch."""
    return dict(operator.skills.values_list("branch", "level"))


def colleagues_of(operator: Operator) -> tuple[Operator, ...]:
    """Others who are on duty, with ``user`` and ``presence``: those who are idle first."""
    on_duty = Operator.objects.select_related("user", "presence").exclude(pk=operator.pk)
    rows = on_duty.filter(presence__isnull=False).exclude(presence__state=PresenceState.OFF)
    return tuple(
        sorted(rows, key=lambda row: (row.presence.state != PresenceState.READY, row.extension))
    )
