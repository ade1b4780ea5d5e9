"""Ringing operators and third parties."""

from collections.abc import Callable
from dataclasses import dataclass

from hotline.domain.queue.seats import LegNow, OfferNow
from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.ari.client import Ari
from hotline.edges.adapters.telephony.floor import Floor, leg_channel, operator_channel

RING_MORE_S = 3
"""Past the queue's own time limit the phone still rings so long: the queue decides, Asterisk
ends what nobody looks after."""
LEG_MOST_S = 40
AS_OPERATOR, AS_LEG, AS_OUTSIDE = "operator", "leg", "outside"
"""First argument of the application for a channel that we dialled."""
DIALLED = frozenset({AS_OPERATOR, AS_LEG, AS_OUTSIDE})

Trunk = Callable[[str], str | None]
"""What Asterisk dials for an outside number; None where no trunk takes it."""


@dataclass(frozen=True, slots=True)
class Lines:
    """``trunk`` for outside numbers, ``caller`` is the number that is shown
    there; ``dials``: whether any outside number can be reached."""

    trunk: Trunk
    caller: str
    dials: bool = False


NO_LINES = Lines(trunk=lambda _number: None, caller="")


class Dialler:
    """Each method returns False where nobody can be dialled by this way, and raises AriError
    where Asterisk did not answer."""

    def __init__(self, ari: Ari, floor: Floor, lines: Lines) -> None:
        self._ari = ari
        self._floor = floor
        self._lines = lines

    def takes(self, argument: str) -> bool:
        """Whether an order's target can be dialled at all."""
        kind, _, target = argument.partition(":")
        return kind == "operator" or self._lines.trunk(target) is not None

    async def operator(self, offer: OfferNow, *, ring_s: float) -> bool:
        return await self._dial(
            operator_channel(offer.id),
            _phone(offer.extension),
            f"{AS_OPERATOR},{offer.id}",
            most_s=max(1, round(ring_s)) + RING_MORE_S,
        )

    async def leg(self, leg: LegNow, number: str) -> bool:
        """``number`` where the leg is not another operator."""
        endpoint = _phone(leg.extension) if leg.extension else self._lines.trunk(number)
        if endpoint is None:
            return False
        return await self._dial(
            leg_channel(leg.id), endpoint, f"{AS_LEG},{leg.id}", most_s=LEG_MOST_S
        )

    async def outside(self, channel: str, number: str) -> bool:
        endpoint = self._lines.trunk(number)
        if endpoint is None:
            return False
        return await self._dial(channel, endpoint, AS_OUTSIDE, most_s=LEG_MOST_S)

    async def _dial(self, channel: str, endpoint: str, arguments: str, *, most_s: int) -> bool:
        self._floor.dialled(channel)  # before Asterisk says anything of it
        try:
            await self._ari.originate(
                channel,
                endpoint=endpoint,
                arguments=arguments,
                caller=self._lines.caller,
                most_s=most_s,
            )
        except AriError as error:
            self._floor.others.pop(channel, None)
            if error.status is None:
                raise
            return False
        return True


def _phone(extension: str) -> str:
    return f"PJSIP/{extension}"
