"""The phones that must exist at the switchboard: those of operators on duty."""

from dataclasses import dataclass
from datetime import datetime

from hotline.domain.workforce.models import Operator, PresenceState
from hotline.domain.workforce.phones import phone_password


@dataclass(frozen=True, slots=True)
class PhoneWanted:
    """``extension`` names the endpoint; ``browser``: WebRTC, else plain SIP; ``caller``: the
    number that a citizen's phone shows, None for an operator's."""

    extension: str
    password: str
    browser: bool
    caller: str | None = None


def wanted(*, now: datetime) -> tuple[PhoneWanted, ...]:  # noqa: ARG001 - the port's shape
    """Of every operator who is not off."""
    rows = Operator.objects.exclude(presence__state=PresenceState.OFF).filter(
        presence__isnull=False
    )
    return tuple(
        PhoneWanted(row.extension, phone_password(row), row.phone == "browser") for row in rows
    )
