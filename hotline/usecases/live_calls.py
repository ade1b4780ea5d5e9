"""Which calls does the database believe to live?"""

from dataclasses import dataclass
from uuid import UUID

from hotline.domain.calls.selectors import live_on


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call that has not ended; its next event answers ``step``."""

    contact: UUID
    channel: str
    step: int


def live_calls(*, node: str) -> list[LiveCall]:
    """For a switchboard that has just connected: what to take up again, and what to end."""
    return [
        LiveCall(contact=contact, channel=channel, step=step)
        for contact, channel, step in live_on(node)
    ]
