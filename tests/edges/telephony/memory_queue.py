"""A queue in memory, for a switchboard on the fake Asterisk: a few callers, a few operators,
one rule (the longest waiting to the first that is ready)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hotline.core.clock import SystemClock
from hotline.domain.queue.models import LegPurpose
from hotline.domain.queue.seats import LegNow, OfferNow, OrderNow, Seat
from hotline.edges.adapters.telephony.queue_desk import QueueDesk
from hotline.usecases.run_queue import QueueNews

RING_S = 15.0


@dataclass
class Operator:
    """``state`` as in workforce.PresenceState."""

    extension: str
    state: str = "ready"
    reason: str = ""


@dataclass
class CallBackWish:
    number: str
    attempts: list[str] = field(default_factory=list)


class MemoryQueue(QueueDesk):
    """``outcomes``: how each ticket ended; ``results``: of orders and legs, in their order."""

    def __init__(self) -> None:
        async def run(_work: Callable[[], object]) -> object:
            raise AssertionError("there is no database here")

        super().__init__(run, node="test", clock=SystemClock())  # type: ignore[arg-type]
        self.operators: list[Operator] = []
        self.seats: dict[int, Seat] = {}
        self.outcomes: dict[int, str] = {}
        self.results: list[str] = []
        self.wish: CallBackWish | None = None
        self.take_citizen: Callable[[str], UUID] = lambda _channel: uuid4()
        self._count = 0

    # --- what a test does -------------------------------------------------------------

    def order(self, seat: Seat, verb: str, argument: str = "") -> None:
        self._count += 1
        order = OrderNow(id=self._count, verb=verb, argument=argument)
        now = self.seats[seat.ticket]
        self.seats[seat.ticket] = replace(now, orders=(*now.orders, order))

    def seat_of(self, contact: UUID) -> Seat | None:
        return next((seat for seat in self.seats.values() if seat.contact == contact), None)

    # --- what the dialogue does -------------------------------------------------------

    def enter(self, contact: UUID, channel: str, branch: str, *, by_wish: bool) -> bool:
        """False if nobody is on duty."""
        known = self.seat_of(contact)
        if not any(one.state not in {"off", "paused"} for one in self.operators):
            return False
        if known is not None:
            self._set(known, state="waiting", by_wish=by_wish, to_bot=None)
            return True
        self._count += 1
        self.seats[self._count] = Seat(
            ticket=self._count,
            kind="call",
            contact=contact,
            channel=channel,
            state="waiting",
            branch=branch,
            by_wish=by_wish,
            call_back=None,
            position=1,
            wait_s=60,
        )
        return True

    def with_bot(self, contact: UUID) -> None:
        seat = self.seat_of(contact)
        if seat is not None:
            self._free(seat, "ready")
            self._set(seat, state="with_bot", offer=None, to_bot=None)

    def leave(self, contact: UUID, outcome: str) -> None:
        seat = self.seat_of(contact)
        if seat is not None:
            if seat.offer is not None and seat.offer.state != "talking":
                self._free(seat, "ready")
            self._end(seat, outcome)

    # --- what the switchboard asks ----------------------------------------------------

    async def look(self, *, dials: bool) -> QueueNews:
        now = self.now()
        for seat in list(self.seats.values()):
            offer = seat.offer
            if offer is not None and offer.state == "ringing" and offer.ring_until <= now:
                await self.operator_failed(offer.id, "no_answer")
            if seat.leg is not None and seat.leg.state == "dialling" and seat.leg.due_at <= now:
                await self.leg_over(seat.leg.id, "no_answer")
        for seat in sorted(self.seats.values(), key=lambda one: one.ticket):
            if seat.state == "waiting":
                self._offer(seat, now)
        if dials and self.wish is not None and not self.seats and not self.wish.attempts:
            self._call_back(now)
        return QueueNews(seats=tuple(self.seats.values()), phones=(), next_at=None)

    async def operator_answered(self, offer: UUID) -> bool:
        seat = self._with(offer)
        if seat is None or seat.offer is None or seat.offer.state == "talking":
            return False
        self._set(seat, offer=replace(seat.offer, state="answered"))
        return True

    async def operator_failed(self, offer: UUID, result: str) -> None:
        seat = self._with(offer)
        if seat is None or seat.offer is None or seat.offer.state == "talking":
            return
        self._free(seat, "paused", result)
        self._set(seat, state="waiting", offer=None)

    async def talk_began(self, offer: UUID) -> bool:
        seat = self._with(offer)
        if seat is None or seat.offer is None:
            return False
        self._free(seat, "busy")
        self._set(seat, state="talking", offer=replace(seat.offer, state="talking"))
        return True

    async def talk_over(self, offer: UUID, *, by: str) -> None:
        seat = self._with(offer)
        if seat is None or seat.offer is None or seat.offer.state != "talking":
            return
        self._free(seat, "wrap_up")
        if by == "lost":
            self._set(seat, state="waiting", offer=None)
        else:
            self._end(seat, "answered")

    async def transferred(self, offer: UUID) -> bool:
        seat = self._with(offer)
        if seat is None:
            return False
        self._free(seat, "wrap_up")
        self._set(seat, state="outside", offer=None)
        return True

    async def order_done(self, order: int, result: str) -> None:
        self.results.append(result)
        for seat in list(self.seats.values()):
            for one in seat.orders:
                if one.id == order:
                    offer = seat.offer
                    if offer is not None and one.verb in {"hold", "resume"}:
                        offer = replace(offer, held=one.verb == "hold")
                    rest = tuple(other for other in seat.orders if other.id != order)
                    self._set(seat, orders=rest, offer=offer)

    async def open_leg(
        self,
        *,
        ticket: int,
        offer: UUID | None,
        purpose: LegPurpose,
        number: str = "",
        extension: str = "",
    ) -> UUID:
        seat = self.seats[ticket]
        leg = LegNow(
            id=uuid4(),
            purpose=purpose,
            state="dialling",
            number=number,
            extension=extension,
            due_at=self.now() + timedelta(seconds=30),
        )
        state = "outside" if purpose == LegPurpose.BLIND else seat.state
        self._set(seat, leg=leg, state=state)
        return leg.id

    async def share_leg(self, leg: UUID) -> bool:
        for seat in list(self.seats.values()):
            if seat.leg is not None and seat.leg.id == leg and seat.leg.state == "up":
                self._set(seat, leg=replace(seat.leg, purpose=LegPurpose.THREE_WAY))
                return True
        return False

    async def leg_up(self, leg: UUID) -> bool:
        for seat in list(self.seats.values()):
            if seat.leg is not None and seat.leg.id == leg:
                self._set(seat, leg=replace(seat.leg, state="up"))
                return True
        return False

    async def leg_over(self, leg: UUID, result: str) -> None:
        for seat in list(self.seats.values()):
            if seat.leg is not None and seat.leg.id == leg:
                self.results.append(result)
                failed = seat.leg.purpose == LegPurpose.BLIND and seat.leg.state == "dialling"
                self._set(seat, leg=None, state="waiting" if failed else seat.state)

    async def number_to_dial(self, call_back: int) -> str | None:
        return self.wish.number if self.wish is not None else None

    async def take_call_back(self, offer: UUID, *, channel: str) -> UUID | None:
        seat = self._with(offer)
        if seat is None:
            return None
        if seat.contact is None:
            seat = self._set(seat, contact=self.take_citizen(channel), channel=channel)
        return seat.contact

    async def call_back_failed(self, offer: UUID, result: str) -> None:
        seat = self._with(offer)
        if seat is not None and self.wish is not None:
            self.wish.attempts.append(result)
            self._free(seat, "wrap_up")
            self._end(seat, result)

    async def changes(self, changed: Callable[[], None]) -> None:
        """Nobody else changes anything here, but tests, which are in no hurry."""

    # --- inside -----------------------------------------------------------------------

    def _offer(self, seat: Seat, now: datetime) -> None:
        ready = next((one for one in self.operators if one.state == "ready"), None)
        if ready is None:
            return
        ready.state = "offered"
        offer = OfferNow(
            id=uuid4(),
            state="ringing",
            operator=self.operators.index(ready),
            extension=ready.extension,
            phone="sip",
            ring_until=now + timedelta(seconds=RING_S),
            held=False,
        )
        self._set(seat, state="offered", offer=offer, to_bot=None)

    def _call_back(self, now: datetime) -> None:
        self._count += 1
        seat = self.seats[self._count] = Seat(
            ticket=self._count,
            kind="call_back",
            contact=None,
            channel=None,
            state="waiting",
            branch="2",
            by_wish=True,
            call_back=1,
        )
        self._offer(seat, now)
        if self.seats[seat.ticket].offer is None:
            del self.seats[seat.ticket]

    def _with(self, offer: UUID) -> Seat | None:
        return next(
            (one for one in self.seats.values() if one.offer and one.offer.id == offer), None
        )

    def _set(self, seat: Seat, **changes: object) -> Seat:
        now = self.seats[seat.ticket]
        self.seats[seat.ticket] = replace(now, **changes)  # type: ignore[arg-type]
        return self.seats[seat.ticket]

    def _free(self, seat: Seat, state: str, reason: str = "") -> None:
        if seat.offer is not None:
            operator = self.operators[seat.offer.operator]
            operator.state, operator.reason = state, reason

    def _end(self, seat: Seat, outcome: str) -> None:
        self.outcomes[seat.ticket] = outcome
        self.seats.pop(seat.ticket, None)
