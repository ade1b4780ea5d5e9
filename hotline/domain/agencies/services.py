"""Writes of officers. Agencies themselves follow the city's data (``publish_city``)."""

from collections.abc import Sequence

from hotline.domain.accounts.models import User
from hotline.domain.agencies.models import Agency, Officer
from hotline.domain.city.model import CityAgency


def appoint(*, user: User, agency: Agency) -> Officer:
    """``user`` works for ``agency`` from now on."""
    officer, _ = Officer.objects.update_or_create(user=user, defaults={"agency": agency})
    return officer


def sync_agencies(*, agencies: Sequence[CityAgency]) -> None:
    """The rows become those of the city; what it no longer names stays, out of use."""
    for agency in agencies:
        Agency.objects.update_or_create(
            code=agency.code,
            defaults={
                "name": dict(agency.name),
                "kind": agency.kind,
                "hotline": agency.hotline,
                "active": True,
            },
        )
    codes = [agency.code for agency in agencies]
    Agency.objects.exclude(code__in=codes).filter(active=True).update(active=False)
