"""Timers are rows: what is due is done by whoever looks next."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from hotline.domain.city.model import City
from hotline.domain.queue import call_backs, legs, log, offers, switches
from hotline.domain.queue.models import (
    Event,
    Kind,
    Leg,
    LegPurpose,
    LegState,
    Offer,
    OfferState,
    Order,
    Ticket,
    TicketState,
)
from hotline.domain.workforce import services as workforce
from hotline.domain.workforce.models import Presence, PresenceState

SILENT_AFTER = timedelta(seconds=45)
"""A desk that has not shown itself for so long is closed: its operator is signed off."""
CONNECTS_WITHIN = timedelta(seconds=20)
"""From an operator's answer to a talk; longer means that somebody died in between."""

REFUSED_AFTER = timedelta(seconds=10)
"""The order that ends a call is written as done just after the call's end."""


def sweep(*, city: City, node: str, due: Collection[str], now: datetime) -> None:
    """Does what is due: names of ``DUE``. ``node`` takes the calls out that no node has yet.
    Inside a transaction."""
    if "node" in due:
        Ticket.objects.filter(node="").exclude(state=TicketState.ENDED).update(node=node)
    if "left_alone" in due:
        _left_alone(city, now)
    if "rings" in due:
        _rings(now)
    if "legs" in due:
        _legs(city, now)
    if "wrap_ups" in due:
        _wrap_ups(now)
    if "silent" in due:
        _silent(now)
    if "switches" in due:
        switches.end_expired(now=now)


def _rings(now: datetime) -> None:
    due = Offer.objects.filter(state=OfferState.RINGING, ring_until__lte=now) | (
        Offer.objects.filter(
            state=OfferState.ANSWERED, answered_at__lte=now - CONNECTS_WITHIN
        ).exclude(ticket__kind="call_back")
    )
    for key, state in due.values_list("pk", "state"):
        offer = offers.live(key)
        if offer is not None and offer.state == state:
            result = "no_answer" if state == OfferState.RINGING else "lost"
            offers.failed(offer, result=result, now=now)


DUE: Mapping[str, str] = {
    "node": "EXISTS (SELECT FROM queue_ticket WHERE state <> 'ended' AND node = '')",
    "left_alone": """
EXISTS (SELECT FROM queue_offer f JOIN queue_ticket t ON t.id = f.ticket_id
  WHERE f.state <> 'ended' AND t.state = 'ended')
OR EXISTS (SELECT FROM queue_order r JOIN queue_offer f ON f.id = r.offer_id
  WHERE r.done_at IS NULL AND f.state = 'ended' AND f.ended_at <= %(refused)s)""",
    "rings": """
EXISTS (SELECT FROM queue_offer WHERE state = 'ringing' AND ring_until <= %(now)s)
OR EXISTS (SELECT FROM queue_offer WHERE state = 'answered' AND answered_at <= %(unconnected)s)""",
    "legs": "EXISTS (SELECT FROM queue_leg WHERE state = 'dialling' AND due_at <= %(now)s)",
    "wrap_ups": """
EXISTS (SELECT FROM workforce_presence WHERE state = 'wrap_up' AND until <= %(now)s)""",
    "silent": """
EXISTS (SELECT FROM workforce_presence WHERE state IN ('ready', 'paused', 'wrap_up')
  AND seen_at <= %(silent)s)""",
    "switches": """
EXISTS (SELECT FROM queue_branchswitch WHERE ended_at IS NULL AND until <= %(now)s)""",
}
"""What may be due, and whether it is: mostly nothing, and it is asked several times a second."""
ALL_DUE = "array_remove(ARRAY[{}]::text[], NULL)".format(
    ", ".join(f"CASE WHEN {one} THEN '{name}' END" for name, one in DUE.items())
)
NEXT_DUE = """
least(
  (SELECT min(ring_until) FROM queue_offer WHERE state = 'ringing'),
  (SELECT min(overflow_at) FROM queue_ticket WHERE state = 'waiting'),
  (SELECT min(due_at) FROM queue_leg WHERE state = 'dialling'),
  (SELECT min(until) FROM workforce_presence WHERE state = 'wrap_up'))"""
"""When the next timer is due; None if none runs."""


def moments(now: datetime) -> dict[str, datetime]:
    """The values of ``DUE``."""
    return {
        "now": now,
        "silent": now - SILENT_AFTER,
        "unconnected": now - CONNECTS_WITHIN,
        "refused": now - REFUSED_AFTER,
    }


def _left_alone(city: City, now: datetime) -> None:
    """Whoever speaks with somebody who has left the call (their switchboard died before it
    could say so) is free again; what was ordered in a call that is over is refused."""
    over = Offer.objects.exclude(state=OfferState.ENDED).filter(ticket__state=TicketState.ENDED)
    for key in over.values_list("pk", flat=True):
        offer = offers.live(key)
        if offer is not None and offer.ticket.state == TicketState.ENDED:
            offers.over(offer, city=city, result="lost", now=now)
    Order.objects.filter(
        done_at=None, offer__state=OfferState.ENDED, offer__ended_at__lte=now - REFUSED_AFTER
    ).update(done_at=now, result="not_now")


def _legs(city: City, now: datetime) -> None:
    due = Leg.objects.filter(state=LegState.DIALLING, due_at__lte=now)
    for key in due.values_list("pk", flat=True):
        leg = legs.live(key)
        if leg is None or leg.state != LegState.DIALLING:
            continue
        legs.over(leg, result="no_answer", now=now)
        if leg.purpose != LegPurpose.CALL_BACK or leg.offer_id is None:
            continue
        rings = offers.live(leg.offer_id)
        if rings is not None and rings.state == OfferState.ANSWERED:
            call_backs.not_reached(rings, city=city, result="no_answer", now=now)


def _wrap_ups(now: datetime) -> None:
    ready = workforce.end_wrap_ups(now=now)
    Event.objects.bulk_create(
        Event(at=since, kind=Kind.PRESENCE, operator_id=operator, detail="ready")
        for operator, since in ready.items()
    )
    log.tell_desks(ready)


def _silent(now: datetime) -> None:
    """Who closed the desk is signed off; during a call only once it is over."""
    silent = list(
        Presence.objects.filter(
            state__in=(PresenceState.READY, PresenceState.PAUSED, PresenceState.WRAP_UP),
            seen_at__lte=now - SILENT_AFTER,
        ).values_list("operator_id", flat=True)
    )
    for operator in silent:
        if workforce.sign_off(operator=operator, now=now):
            log.note(Kind.PRESENCE, at=now, operator=operator, detail="silent")
    log.tell_desks(silent)
