"""What operators order on the line: each is done once, in order, and its result written."""

from hotline.dialogue.exchange import Digits, Part
from hotline.domain.queue.models import LegPurpose, Verb
from hotline.domain.queue.seats import OfferNow, OrderNow, Seat
from hotline.edges.adapters.telephony.dialling import Dialler
from hotline.edges.adapters.telephony.floor import Floor, leg_channel, operator_channel
from hotline.edges.adapters.telephony.queue_desk import QueueDesk
from hotline.edges.adapters.telephony.speech import Speech

DONE, NOT_NOW, NO_LINE = "done", "not_now", "no_line"
WITH_OPERATOR = frozenset({LegPurpose.CONSULT, LegPurpose.THREE_WAY})


class Orders:
    def __init__(self, desk: QueueDesk, floor: Floor, dialler: Dialler, speech: Speech) -> None:
        self._desk = desk
        self._floor = floor
        self._dialler = dialler
        self._speech = speech

    async def do(self, seat: Seat, offer: OfferNow, order: OrderNow) -> None:
        """Raises AriError, DatabaseAway: the order stays open and is done again."""
        await self._desk.order_done(order.id, await self._done(seat, offer, order))

    async def refuse(self, order: OrderNow) -> None:
        """The call is not the operator's any more."""
        await self._desk.order_done(order.id, NOT_NOW)

    async def _done(self, seat: Seat, offer: OfferNow, order: OrderNow) -> str:
        match order.verb:
            case Verb.HOLD | Verb.RESUME:
                return DONE  # the queue writes it down; who hears whom follows from that
            case Verb.CONSULT:
                return await self._consult(seat, offer, order)
            case Verb.BLIND:
                return await self._blind(seat, offer, order)
            case Verb.THREE_WAY:
                return self._result(seat.leg is not None and await self._share(seat))
            case Verb.COMPLETE:
                return self._result(_is_up(seat) and await self._desk.transferred(offer.id))
            case Verb.CANCEL:
                return await self._cancel(seat)
            case Verb.WARN:
                return await self._say(order, self._speech.phrase(seat.channel, "warning"), seat)
            case Verb.TELL_NUMBER:
                number = Digits(order.argument.partition(":")[2])
                words = self._speech.phrase(seat.channel, "number_is")
                return await self._say(order, (*words, number), seat, offer)
            case Verb.END:
                await self._desk.talk_over(offer.id, by="operator")
                await self._floor.hang_up(operator_channel(offer.id))
                return DONE
        return NOT_NOW

    async def _consult(self, seat: Seat, offer: OfferNow, order: OrderNow) -> str:
        if seat.leg is not None:
            return NOT_NOW
        if not self._dialler.takes(order.argument):
            return NO_LINE
        await self._desk.open_leg(
            ticket=seat.ticket, offer=offer.id, purpose=LegPurpose.CONSULT, **_target(order)
        )
        return DONE

    async def _blind(self, seat: Seat, offer: OfferNow, order: OrderNow) -> str:
        begun = seat.leg is not None and seat.leg.purpose == LegPurpose.BLIND
        if seat.leg is not None and not begun:
            return NOT_NOW
        if not begun:
            if not self._dialler.takes(order.argument):
                return NO_LINE
            # not the operator's leg: it goes on when the operator is out
            await self._desk.open_leg(
                ticket=seat.ticket, offer=None, purpose=LegPurpose.BLIND, **_target(order)
            )
        return self._result(await self._desk.transferred(offer.id))

    async def _share(self, seat: Seat) -> bool:
        return seat.leg is not None and await self._desk.share_leg(seat.leg.id)

    async def _cancel(self, seat: Seat) -> str:
        leg = seat.leg
        if leg is None or leg.purpose not in WITH_OPERATOR:
            return NOT_NOW
        await self._desk.leg_over(leg.id, "cancelled")
        await self._floor.hang_up(leg_channel(leg.id))
        return DONE

    async def _say(
        self, order: OrderNow, words: tuple[Part, ...], seat: Seat, offer: OfferNow | None = None
    ) -> str:
        channels = [seat.channel] if seat.channel is not None else []
        if offer is not None:
            await self._floor.end_ring(operator_channel(offer.id))  # it would sound first
            channels.append(operator_channel(offer.id))
        said = await self._speech.say(channels, words, seat.channel, name=f"order-{order.id}")
        return self._result(said)

    def _result(self, done: bool) -> str:
        return DONE if done else NOT_NOW


def _target(order: OrderNow) -> dict[str, str]:
    kind, _, target = order.argument.partition(":")
    return {"extension": target} if kind == "operator" else {"number": target}


def _is_up(seat: Seat) -> bool:
    return seat.leg is not None and seat.leg.state == "up" and seat.leg.purpose in WITH_OPERATOR
