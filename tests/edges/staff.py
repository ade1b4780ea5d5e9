"""What tests of the staff's pages share."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from hotline.domain.accounts.models import User
from hotline.domain.cases.models import Case


def signed_in(user: User) -> Client:
    """A browser in which this user has signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def moment() -> datetime:
    """The pages read the machine's clock, so their stories happen today."""
    return datetime.now(UTC)


def send(client: Client, case: Case, verb: str, area: str = "desk", **form: str) -> Any:
    """Posts an act of ``desk`` or ``agency`` with the version of the case as the test holds
    it; gives Django's test response."""
    address = f"/{area}/case/{case.code}/{verb}/"
    return client.post(address, {"seen_version": str(case.version), **form})
