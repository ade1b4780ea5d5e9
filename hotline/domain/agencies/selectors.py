"""Guarded reads of agencies."""

from django.utils.translation import gettext_noop

from hotline.core.errors import NotFound
from hotline.domain.accounts.models import User
from hotline.domain.agencies.models import Agency


def agency_of(user: User) -> Agency | None:
    """The agency that an officer works for."""
    return Agency.objects.filter(officers__user=user).first()


def by_code(code: str) -> Agency:
    """Raises NotFound."""
    try:
        return Agency.objects.get(code=code)
    except Agency.DoesNotExist:
        raise NotFound(gettext_noop("There is no agency with this code.")) from None


def active() -> tuple[Agency, ...]:
    """The agencies of the present city version, by name."""
    return tuple(Agency.objects.filter(active=True).order_by("name__vi"))
