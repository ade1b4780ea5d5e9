"""How everybody stands in the queue, read row by row: what ``run_queue`` must say, too."""

from collections.abc import Iterable
from datetime import datetime

from hotline.dialogue.phones import national
from hotline.domain.calls.models import WebCall
from hotline.domain.calls.web_calls import password_of
from hotline.domain.city.model import City
from hotline.domain.people.selectors import phone_of
from hotline.domain.queue.models import Leg, Offer, Ticket
from hotline.domain.queue.phones import PhoneWanted
from hotline.domain.queue.policy import expected_wait, rank
from hotline.domain.queue.rules import line_of
from hotline.domain.queue.seats import LegNow, OfferNow, OrderNow, Seat
from hotline.domain.queue.services import Answer, decide
from hotline.domain.workforce.models import Operator, Presence
from hotline.domain.workforce.phones import phone_password
from hotline.usecases.run_queue import QueueNews

DUTY = ("ready", "offered", "busy", "wrap_up")


def plain_level(city: City, *, node: str, now: datetime) -> QueueNews:
    """Without ``offer_person``, which depends on what was matched."""
    live = Ticket.objects.exclude(state="ended").filter(node__in=(node, ""))
    return QueueNews(
        seats=tuple(_seat(ticket, city, node, now) for ticket in live.order_by("pk")),
        phones=tuple(sorted((*_operators(), *_pages(now)), key=lambda phone: phone.extension)),
        next_at=_next_at(now),
    )


def _seat(ticket: Ticket, city: City, node: str, now: datetime) -> Seat:
    call = getattr(ticket.contact, "call", None)
    offer = ticket.offers.exclude(state="ended").first()
    leg = ticket.legs.exclude(state="ended").first()
    waits = ticket.state == "waiting"
    position = _position(ticket) if waits else None
    to_bot, announce = _instead(ticket, city, now) if waits else (None, False)
    due = waits and ticket.overflow_at is not None and ticket.overflow_at <= now
    if due and ticket.contact is not None and ticket.node == node:
        to_bot = "busy"
    wait = _wait(ticket, position, city) if position is not None else None
    return Seat(
        ticket=ticket.pk,
        kind=ticket.kind,
        contact=ticket.contact_id,
        channel=call.channel if call is not None else None,
        state=ticket.state,
        branch=ticket.branch,
        by_wish=ticket.by_wish,
        call_back=ticket.call_back_id,
        to_bot=to_bot,
        announce=announce,
        position=position,
        wait_s=round(wait) if wait is not None else None,
        offer=_offer(offer) if offer is not None else None,
        leg=_leg(leg) if leg is not None else None,
        orders=_orders(offer) if offer is not None else (),
    )


def _position(ticket: Ticket) -> int:
    def place(one: Ticket) -> tuple[float, int]:
        return rank(priority=one.priority, entered_at=one.entered_at.timestamp()), one.pk

    others = Ticket.objects.filter(state="waiting", branch=ticket.branch)
    return 1 + sum(1 for one in others if place(one) < place(ticket))


def _instead(ticket: Ticket, city: City, now: datetime) -> tuple[str | None, bool]:
    line = line_of(city, ticket.branch)
    if line is None:
        return None, False
    decision = decide(city=city, branch=ticket.branch, line=line, now=now)
    if decision.answer is Answer.CALLBOT:
        return decision.reason, False
    if decision.answer is Answer.CALL_BACK:
        return "call_back", False
    return None, decision.answer is Answer.ANNOUNCE


def _wait(ticket: Ticket, position: int, city: City) -> float | None:
    line = line_of(city, ticket.branch)
    on_duty = sum(
        1
        for one in Presence.objects.filter(state__in=DUTY).select_related("operator")
        if line is not None and ticket.branch in one.branches and one.operator.kind in line.kinds
    )
    last = Offer.objects.filter(state="ended", talking_since__isnull=False).order_by("-ended_at")
    talks = [
        (one.ended_at - one.talking_since).total_seconds()
        for one in last.select_related("ticket")[:200]
        if one.ended_at and one.talking_since and one.ticket.branch == ticket.branch
    ]
    average = sum(talks) / len(talks) if talks else None
    return expected_wait(position=position, on_duty=on_duty, talk_s=average)


def _offer(offer: Offer) -> OfferNow:
    return OfferNow(
        id=offer.pk,
        state=offer.state,
        operator=offer.operator_id,
        extension=offer.operator.extension,
        phone=offer.operator.phone,
        ring_until=offer.ring_until,
        held=offer.held,
    )


def _leg(leg: Leg) -> LegNow:
    return LegNow(
        id=leg.pk,
        purpose=leg.purpose,
        state=leg.state,
        number=leg.number,
        extension=leg.operator.extension if leg.operator is not None else "",
        due_at=leg.due_at,
    )


def _orders(offer: Offer) -> tuple[OrderNow, ...]:
    return tuple(
        OrderNow(id=order.pk, verb=order.verb, argument=order.argument)
        for order in offer.orders.filter(done_at=None).order_by("pk")
    )


def _operators() -> Iterable[PhoneWanted]:
    for one in Operator.objects.filter(presence__isnull=False).exclude(presence__state="off"):
        yield PhoneWanted(one.extension, phone_password(one), one.phone == "browser")


def _pages(now: datetime) -> Iterable[PhoneWanted]:
    for call in WebCall.objects.filter(until__gt=now):
        number = phone_of(call.person)
        if number is not None:
            yield PhoneWanted(
                call.extension, password_of(call), browser=True, caller=national(number)
            )


def _next_at(now: datetime) -> datetime | None:
    timers = [
        *Offer.objects.filter(state="ringing").values_list("ring_until", flat=True),
        *Ticket.objects.filter(state="waiting", overflow_at__isnull=False).values_list(
            "overflow_at", flat=True
        ),
        *Leg.objects.filter(state="dialling").values_list("due_at", flat=True),
        *Presence.objects.filter(state="wrap_up", until__isnull=False).values_list(
            "until", flat=True
        ),
    ]
    known = [at for at in timers if at is not None]
    return max(min(known), now) if known else None
