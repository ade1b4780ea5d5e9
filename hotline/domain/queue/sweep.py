"""Timers are rows: what is due is done by whoever looks next."""

from datetime import datetime, timedelta

from django.db import connection

from hotline.domain.city.model import City
from hotline.domain.queue import legs, log, offers, switches
from hotline.domain.queue.models import Leg, LegState, Offer, OfferState, Order, Ticket, TicketState
from hotline.domain.workforce import services as workforce
from hotline.domain.workforce.models import Presence, PresenceState

SILENT_AFTER = timedelta(seconds=45)
"""A desk that has not shown itself for so long is closed: its operator is signed off."""
CONNECTS_WITHIN = timedelta(seconds=20)
"""From an operator's answer to a talk; longer means that somebody died in between."""

REFUSED_AFTER = timedelta(seconds=10)
"""The order that ends a call is written as done just after the call's end."""


def sweep(*, city: City, node: str, now: datetime) -> None:
    """Does everything that is due; ``node`` takes the calls out that no node has yet. Inside
    a transaction."""
    Ticket.objects.filter(node="").exclude(state=TicketState.ENDED).update(node=node)
    _left_alone(city, now)
    _rings(now)
    for leg in _due_legs(now):
        legs.over(leg, result="no_answer", now=now)
    _wrap_ups(now)
    _silent(now)
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


def _left_alone(city: City, now: datetime) -> None:
    """Whoever speaks with somebody who has left the call (their switchboard died before it
    could say so) is free again; what was ordered in a call that is over is refused."""
    over = Offer.objects.exclude(state=OfferState.ENDED).filter(ticket__state=TicketState.ENDED)
    for key in over.values_list("pk", flat=True):
        offer = offers.live(key)
        if offer is not None and offer.ticket.state == TicketState.ENDED:
            offers.over(offer, city=city, result="caller", now=now)
    Order.objects.filter(
        done_at=None, offer__state=OfferState.ENDED, offer__ended_at__lte=now - REFUSED_AFTER
    ).update(done_at=now, result="not_now")


def _due_legs(now: datetime) -> list[Leg]:
    return list(
        Leg.objects.select_for_update(skip_locked=True).filter(
            state=LegState.DIALLING, due_at__lte=now
        )
    )


def _wrap_ups(now: datetime) -> None:
    ended = list(
        Presence.objects.filter(state=PresenceState.WRAP_UP, until__lte=now).values_list(
            "operator_id", flat=True
        )
    )
    for operator in ended:
        workforce.be_ready(operator=operator, now=now)
    log.tell_desks(ended)


def _silent(now: datetime) -> None:
    """Who closed the desk is signed off; during a call only once it is over."""
    silent = list(
        Presence.objects.filter(
            state__in=(PresenceState.READY, PresenceState.PAUSED, PresenceState.WRAP_UP),
            seen_at__lte=now - SILENT_AFTER,
        ).values_list("operator_id", flat=True)
    )
    for operator in silent:
        workforce.sign_off(operator=operator, now=now)
    log.tell_desks(silent)


def overflowing(*, node: str, now: datetime) -> dict[int, str]:
    """Tickets of the node whose callers do not wait on: the reason for the callbot."""
    due = Ticket.objects.filter(
        node=node, state=TicketState.WAITING, contact__isnull=False, overflow_at__lte=now
    ).values_list("pk", flat=True)
    return dict.fromkeys(due, "busy")


def next_due(*, now: datetime) -> datetime | None:
    """When the next timer is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least((SELECT min(ring_until) FROM queue_offer WHERE state = 'ringing'),"
            " (SELECT min(overflow_at) FROM queue_ticket WHERE state = 'waiting'),"
            " (SELECT min(due_at) FROM queue_leg WHERE state = 'dialling'),"
            " (SELECT min(until) FROM workforce_presence WHERE state = 'wrap_up'))"
        )
        (at,) = cursor.fetchone()
    return at if at is None or at > now else now
