"""One caller's seat, made true in Asterisk: compare what the queue says with what stands
there, and do the next thing. Everything may be done again by whoever comes after a crash."""

from collections.abc import Callable, Mapping
from uuid import UUID

from hotline.domain.queue.models import LegPurpose, Verb
from hotline.domain.queue.seats import LegNow, OfferNow, OrderNow, Seat
from hotline.edges.adapters.telephony import causes, seating
from hotline.edges.adapters.telephony.dialling import Dialler
from hotline.edges.adapters.telephony.floor import Floor, leg_channel, operator_channel
from hotline.edges.adapters.telephony.line import Line
from hotline.edges.adapters.telephony.orders import DONE, Orders
from hotline.edges.adapters.telephony.queue_desk import QueueDesk
from hotline.edges.adapters.telephony.speech import Speech

Adopt = Callable[[str, UUID], None]
"""Somebody whom we dialled is a caller now: drive the channel as this contact's."""


class Table:
    """Methods raise AriError and DatabaseAway."""

    def __init__(
        self,
        desk: QueueDesk,
        floor: Floor,
        dialler: Dialler,
        speech: Speech,
        lines: Mapping[str, Line],
        adopt: Adopt,
    ) -> None:
        self._desk = desk
        self._floor = floor
        self._dialler = dialler
        self._speech = speech
        self._lines = lines
        self._adopt = adopt
        self._orders = Orders(desk, floor, dialler, speech)

    async def mend(self, seat: Seat) -> None:
        """The next thing to do for this seat, and what follows at once from it."""
        offer = seat.offer
        for order in seat.orders if offer is None or offer.state != "talking" else ():
            if not _gives_up(seat, order):
                await self._orders.refuse(order)
        if offer is None:
            await self._without_operator(seat)
        elif offer.state == "ringing":
            await self._ring(seat, offer)
        elif offer.state == "answered":
            await self._connect(seat, offer)
        else:
            await self._talk(seat, offer)

    # --- the operator -----------------------------------------------------------------

    async def _ring(self, seat: Seat, offer: OfferNow) -> None:
        channel = operator_channel(offer.id)
        other = self._floor.others.get(channel)
        if other is None:
            cause = self._floor.why_ended(channel)
            if cause is not None:
                await self._desk.operator_failed(offer.id, causes.of_operator(cause))
                return
            ring_s = (offer.ring_until - self._desk.now()).total_seconds()
            if ring_s > 0 and not await self._dialler.operator(offer, ring_s=ring_s):
                await self._desk.operator_failed(offer.id, "unreachable")
        elif other.up:
            if await self._desk.operator_answered(offer.id):
                await self._connect(seat, offer)
            else:
                await self._floor.hang_up(channel)

    async def _connect(self, seat: Seat, offer: OfferNow) -> None:
        channel = operator_channel(offer.id)
        if not self._floor.is_up(channel):
            gave_up = seat.channel is None and seat.leg is not None
            if gave_up and self._floor.why_ended(channel) in causes.HUNG_UP:
                await self._give_up(seat, offer)
            else:
                await self._desk.operator_failed(offer.id, "lost")
        elif seat.channel is None:
            await self._reach_citizen(seat, offer)
        elif await self._put_through(offer, seat.channel):
            await self._began(offer, seat.channel)

    async def _put_through(self, offer: OfferNow, caller: str) -> bool:
        operator = operator_channel(offer.id)
        return await self._arrange(f"talk-{offer.id}", frozenset({operator, caller}), caller=caller)

    async def _began(self, offer: OfferNow, caller: str) -> None:
        line = self._lines.get(caller)
        if line is not None and line.waiter is not None:
            line.waiter.talk = offer.id
        if await self._desk.talk_began(offer.id):
            await self._speech.beep(operator_channel(offer.id), name=f"begin-{offer.id}")

    async def _talk(self, seat: Seat, offer: OfferNow) -> None:
        channel = operator_channel(offer.id)
        if channel not in self._floor.others:
            how = seating.how_left(seat, offer, self._floor.why_ended(channel))
            if how == "transferred":
                await self._desk.transferred(offer.id)
            else:
                await self._desk.talk_over(offer.id, by=how)
            return
        if not seating.is_to_ring(seat, self._floor):
            await self._floor.end_ring(channel)  # before anybody comes to them
        if seat.orders:
            await self._orders.do(seat, offer, seat.orders[0])
        elif seat.leg is None or await self._leg_stands(seat, seat.leg):
            await self._seat(seat)
            if seating.is_to_ring(seat, self._floor) and channel not in self._floor.ringing:
                await self._floor.ring(channel)

    # --- others -----------------------------------------------------------------------

    async def _reach_citizen(self, seat: Seat, offer: OfferNow) -> None:
        """The operator is on the line; now, and only now, the person is rung."""
        if any(_gives_up(seat, order) for order in seat.orders):
            await self._give_up(seat, offer)
        elif seat.leg is None:
            await self._desk.open_leg(
                ticket=seat.ticket, offer=offer.id, purpose=LegPurpose.CALL_BACK
            )
        else:
            await self._ring_citizen(seat, offer, seat.leg)

    async def _ring_citizen(self, seat: Seat, offer: OfferNow, leg: LegNow) -> None:
        channel = leg_channel(leg.id)
        other = self._floor.others.get(channel)
        if other is None:
            cause = self._floor.why_ended(channel)
            result = causes.of_line(cause) if cause is not None else await self._dial_citizen(seat)
            if result is not None:
                await self._desk.leg_over(leg.id, result)
                await self._desk.call_back_failed(offer.id, result)
                await self._floor.hang_up(operator_channel(offer.id))
        elif other.up:
            contact = await self._desk.take_call_back(offer.id, channel=channel)
            if contact is None:
                await self._floor.hang_up(channel)
                return
            await self._desk.leg_up(leg.id)
            self._adopt(channel, contact)

    async def _give_up(self, seat: Seat, offer: OfferNow) -> None:
        """The operator lets the person's phone ring no longer: an attempt like any other. Who
        answers in this very moment is rung again, for nobody spoke with them."""
        if seat.leg is not None:
            await self._floor.hang_up(leg_channel(seat.leg.id))
            await self._desk.leg_over(seat.leg.id, "cancelled")
        await self._desk.call_back_failed(offer.id, "cancelled")
        await self._floor.hang_up(operator_channel(offer.id))
        for order in seat.orders:
            if _gives_up(seat, order):
                await self._desk.order_done(order.id, DONE)

    async def _dial_citizen(self, seat: Seat) -> str | None:
        """Why not, or None: it rings."""
        number = await self._desk.number_to_dial(seat.call_back or 0)
        if number is None or seat.leg is None:
            return "no_line"
        return None if await self._dialler.leg(seat.leg, number) else "no_line"

    async def _leg_stands(self, seat: Seat, leg: LegNow) -> bool:
        """Whether the leg is as the queue knows it; else the next step towards that."""
        channel = leg_channel(leg.id)
        if leg.purpose == LegPurpose.CALL_BACK:  # is the caller now, and no third party
            await self._desk.leg_over(leg.id, "answered")
            return False
        other = self._floor.others.get(channel)
        if other is None:
            cause = self._floor.why_ended(channel)
            if cause is not None or leg.state == "up":
                over = "answered" if leg.state == "up" else causes.of_line(cause or 0)
                await self._desk.leg_over(leg.id, over)
            elif not await self._dialler.leg(leg, leg.number):
                await self._desk.leg_over(leg.id, "failed")
            return leg.state != "up" and cause is None
        if other.up and leg.state != "up":
            await self._desk.leg_up(leg.id)
            return False
        return True

    async def _without_operator(self, seat: Seat) -> None:
        leg = seating.third(seat)
        if leg is not None and seat.state != "outside":
            # the operator whose third party this was is gone, and the caller waits again
            await self._desk.leg_over(leg.id, "cancelled")
            await self._floor.hang_up(leg_channel(leg.id))
        elif leg is None or await self._leg_stands(seat, leg):
            await self._seat(seat)

    # --- who hears whom ---------------------------------------------------------------

    async def _seat(self, seat: Seat) -> None:
        wanted = seating.members(seat)
        caller = seat.channel
        if wanted:
            await self._arrange(seating.bridge(seat, self._floor), wanted, caller=caller)
        elif caller is not None and self._floor.bridge_of(caller) is not None:
            await self._take_out(caller, caller=caller)

    async def _arrange(self, bridge: str, wanted: frozenset[str], *, caller: str | None) -> bool:
        """False if the caller cannot be had now."""
        inside = self._floor.inside(bridge)
        for channel in inside - wanted:
            await self._take_out(channel, caller=caller)
        if caller is not None and caller not in wanted:
            await self._music(caller)
        joining = wanted - inside
        if caller is not None and caller in joining and not await self._lend(caller):
            return False
        if joining:
            await self._floor.join(bridge, joining)
        return True

    async def _take_out(self, channel: str, *, caller: str | None) -> None:
        await self._floor.part(channel)
        if channel == caller:
            await self._music(channel)

    async def _music(self, caller: str) -> None:
        line = self._lines.get(caller)
        if line is not None and line.waiter is not None and line.waiter.lent:
            await line.waiter.give_back()

    async def _lend(self, caller: str) -> bool:
        line = self._lines.get(caller)
        return line is not None and line.waiter is not None and await line.waiter.lend()


def _gives_up(seat: Seat, order: OrderNow) -> bool:
    """Whether the order ends the attempt to reach somebody who has not answered yet."""
    rings = seat.offer is not None and seat.offer.state == "answered" and seat.channel is None
    return rings and order.verb == Verb.END
