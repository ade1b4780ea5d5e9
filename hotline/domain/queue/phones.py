"""The phones that must exist at the switchboard: of operators on duty, of pages that ring."""

from dataclasses import dataclass
from datetime import datetime

from hotline.dialogue.phones import national
from hotline.domain.calls import web_calls
from hotline.domain.workforce.models import Operator, PresenceState
from hotline.domain.workforce.phones import password_of


@dataclass(frozen=True, slots=True)
class PhoneWanted:
    """``extension`` names the endpoint; ``browser``: WebRTC, else plain SIP; ``caller``: the
    number that a citizen's phone shows, None for an operator's."""

    extension: str
    password: str
    browser: bool
    caller: str | None = None


def wanted(*, now: datetime) -> tuple[PhoneWanted, ...]:
    """Of every operator who is not off, and of every citizen's page that may ring."""
    rows = Operator.objects.exclude(presence__state=PresenceState.OFF).filter(
        presence__isnull=False
    )
    operators = [
        PhoneWanted(extension, password_of(extension, epoch), phone == "browser")
        for extension, epoch, phone in rows.values_list("extension", "phone_epoch", "phone")
    ]
    pages = [
        PhoneWanted(
            call.extension, web_calls.password_of(call), browser=True, caller=national(number)
        )
        for call in web_calls.live(now=now)
        if (number := web_calls.number_of(call)) is not None
    ]
    return (*operators, *pages)
