"""Writes of officers. Agencies themselves follow the city's data (``publish_city``)."""

from hotline.domain.accounts.models import User
from hotline.domain.agencies.models import Agency, Officer


def appoint(*, user: User, agency: Agency) -> Officer:
    """``user`` works for ``agency`` from now on."""
    officer, _ = Officer.objects.update_or_create(user=user, defaults={"agency": agency})
    return officer
