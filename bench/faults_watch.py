"""What must not last: once no fault has struck for a while, whoever talks is heard, and what an
operator orders is done. Beside it, ``faults_checks`` knows what must not happen at all."""

from collections.abc import Iterator

from django.db import connection

from bench.faults_asterisk import FaultyAsterisk
from bench.faults_desk import AWAY_S
from hotline.domain.queue.models import LegState, Offer, OfferState, Order

CALM_AFTER_S = AWAY_S + 5.0
"""A database that is away is the longest of the faults; then somebody must come back."""
LASTS_S = 10.0
LOOK_EVERY_S = 2.5


_STANDING = """
SELECT 'offer', id::text, state, operator_id, ticket_id FROM queue_offer
UNION ALL SELECT 'ticket', id::text, state, NULL, id FROM queue_ticket
UNION ALL SELECT 'leg', id::text, state, operator_id, ticket_id FROM queue_leg"""
_FAR = {OfferState.RINGING: 0, OfferState.ANSWERED: 1, OfferState.TALKING: 2}
"""An offer goes one way: a report that comes too late must not take it back."""
OVER = 3
Row = tuple[str, str, str, int | None, int]
"""What it is, its key, its state, its operator, its ticket."""


def standing() -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        found: list[Row] = cursor.fetchall()
        return found


class History:
    """To be asked whenever something was written."""

    def __init__(self) -> None:
        self._reached: dict[tuple[str, str], int] = {}
        self.is_anybody_talking = False

    def look(self) -> Iterator[str]:
        """Nobody is offered twice, and what is over stays over."""
        rows = standing()
        live = [row for row in rows if row[0] == "offer" and row[2] != OfferState.ENDED]
        self.is_anybody_talking = any(row[2] == OfferState.TALKING for row in live)
        if len({operator for *_what, operator, _ticket in live}) < len(live):
            yield "an operator has two offers"
        if len({ticket for *_what, ticket in live}) < len(live):
            yield "a caller is offered to two operators"
        reached = {(kind, key): _far(kind, state) for kind, key, state, *_whose in rows}
        for thing, far in reached.items():
            if far < self._reached.get(thing, 0):
                yield f"{' '.join(thing)} was further already"
        self._reached = reached


def _far(kind: str, state: str) -> int:
    if state == OfferState.ENDED:
        return OVER
    return _FAR[OfferState(state)] if kind == "offer" else 0


class Watch:
    """``struck_at``: when the last fault struck, in the loop's time."""

    def __init__(self, asterisk: FaultyAsterisk) -> None:
        self._asterisk = asterisk
        self._since: dict[str, float] = {}
        self._looked = 0.0

    def look(self, now: float, *, struck_at: float) -> Iterator[str]:
        if now < self._looked + LOOK_EVERY_S or now < struck_at + CALM_AFTER_S:
            return
        self._looked = now
        wrong = {*self._not_put_through(), *self._not_done(), *self._rung_in_vain()}
        self._since = {one: self._since.get(one, now) for one in wrong}
        yield from (one for one, since in self._since.items() if now >= since + LASTS_S)

    def _not_put_through(self) -> Iterator[str]:
        talks = Offer.objects.filter(state=OfferState.TALKING, held=False).exclude(
            ticket__legs__state__in=(LegState.DIALLING, LegState.UP)
        )
        for offer, channel in talks.values_list("pk", "ticket__contact__call__channel"):
            pair = {f"op-{offer}", channel}
            if all(self._is_on_line(one) for one in pair) and not self._is_together(pair):
                yield f"{channel} and its operator do not hear each other"

    def _not_done(self) -> Iterator[str]:
        open_orders = Order.objects.filter(done_at=None, offer__state=OfferState.TALKING)
        for key, verb in open_orders.values_list("pk", "verb"):
            yield f"nobody does order {key}: {verb}"

    def _rung_in_vain(self) -> Iterator[str]:
        rung = Offer.objects.filter(ticket__legs__state=LegState.DIALLING)
        waiting = {f"op-{offer}" for offer in rung.values_list("pk", flat=True)}
        for id_, channel in self._asterisk.channels.items():
            if id_ not in waiting and channel.hears_tone and self._is_on_line(id_):
                yield f"{id_} hears a telephone ring that rings no more"

    def _is_on_line(self, channel: str) -> bool:
        found = self._asterisk.channels.get(channel)
        return found is not None and not found.ended.is_set()

    def _is_together(self, pair: set[str]) -> bool:
        apart = any(self._asterisk.channels[one].hears_tone for one in pair)
        together = any(pair <= inside for inside in self._asterisk.exchange.members.values())
        return together and not apart
