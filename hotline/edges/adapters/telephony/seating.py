"""Who ought to hear whom, by how a caller stands in the queue. Pure."""

from hotline.domain.queue.models import LegPurpose
from hotline.domain.queue.seats import LegNow, OfferNow, Seat
from hotline.edges.adapters.telephony.causes import HUNG_UP
from hotline.edges.adapters.telephony.floor import (
    OUTSIDE,
    Floor,
    leg_channel,
    operator_channel,
    talk_bridge,
)

WITH_OPERATOR = frozenset({LegPurpose.CONSULT, LegPurpose.THREE_WAY})


def caller_leg(seat: Seat) -> bool:
    """Whether the seat's leg is the citizen of a call-back: then it is the caller itself."""
    return seat.leg is not None and seat.leg.purpose == LegPurpose.CALL_BACK


def third(seat: Seat) -> LegNow | None:
    """The third party of the call."""
    return None if caller_leg(seat) else seat.leg


def members(seat: Seat) -> frozenset[str]:
    """The channels that ought to hear each other. Whoever is not among them hears music (the
    caller) or nothing (an operator who waits for a third party)."""
    leg = third(seat)
    up = leg is not None and leg.state == "up"
    with_leg = {leg_channel(leg.id)} if leg is not None and up else set()
    caller = {seat.channel} if seat.channel is not None else set()
    if seat.offer is None or seat.offer.state == "ringing":
        alone = seat.state == "outside" and up
        return frozenset(caller | with_leg) if alone else frozenset()
    operator = {operator_channel(seat.offer.id)}
    if leg is not None and leg.purpose == LegPurpose.CONSULT:
        return frozenset(operator | with_leg)
    if leg is not None and leg.purpose == LegPurpose.BLIND:
        return frozenset(operator)
    if seat.offer.held:
        return frozenset(operator)
    return frozenset(operator | caller | with_leg)


def bridge(seat: Seat, floor: Floor) -> str:
    """Where they hear each other: a third party's bridge stays when the operator leaves."""
    leg = third(seat)
    if leg is not None and (known := floor.bridge_of(leg_channel(leg.id))) is not None:
        return known
    if seat.offer is not None:
        return talk_bridge(seat.offer.id)
    return f"{OUTSIDE}{leg.id}" if leg is not None else ""


def is_to_ring(seat: Seat, floor: Floor) -> bool:
    """Whether the operator, alone in the talk, waits for a third party whose phone rings."""
    if seat.offer is None or seat.leg is None or seat.leg.purpose != LegPurpose.CONSULT:
        return False
    rung = floor.others.get(leg_channel(seat.leg.id))
    rings = seat.leg.state != "up" and rung is not None and not rung.up
    return rings and floor.bridge_of(operator_channel(seat.offer.id)) is not None


def at_rest(seat: Seat, floor: Floor) -> bool:
    """Whether Asterisk does already what the queue says, so that nothing is to be done."""
    if seat.offer is None and seat.leg is None and not seat.orders:  # most: with the callbot
        return seat.channel is None or floor.bridge_of(seat.channel) is None
    if seat.orders or (seat.leg is not None and not _leg_rests(seat.leg, floor)):
        return False
    if seat.offer is not None and not _operator_rests(seat, seat.offer, floor):
        return False
    wanted = members(seat)
    here = floor.bridge_of(seat.channel) if seat.channel is not None else None
    if not wanted:
        return here is None
    where = bridge(seat, floor)
    return floor.inside(where) == wanted and here in {None, where}


def how_left(seat: Seat, offer: OfferNow, cause: int | None) -> str:
    """What an operator's hang-up means: ``operator`` (the talk is over), ``transferred`` (the
    others go on), or ``lost``: nobody who was held is dropped, and nobody whose operator's
    line broke."""
    if cause not in HUNG_UP:
        return "lost"
    leg = third(seat)
    if leg is not None:
        return "transferred" if leg.state == "up" else "lost"
    return "lost" if offer.held else "operator"


def _leg_rests(leg: LegNow, floor: Floor) -> bool:
    if leg.purpose == LegPurpose.CALL_BACK:
        return False
    other = floor.others.get(leg_channel(leg.id))
    return other is not None and other.up == (leg.state == "up")


def _operator_rests(seat: Seat, offer: OfferNow, floor: Floor) -> bool:
    channel = operator_channel(offer.id)
    other = floor.others.get(channel)
    if offer.state == "ringing":
        return other is not None and not other.up
    hears_it = (channel in floor.ringing) == is_to_ring(seat, floor)
    return offer.state == "talking" and other is not None and hears_it
