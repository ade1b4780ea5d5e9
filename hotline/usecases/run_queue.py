"""One look at the queue: what is due is done, who waits is offered, and the switchboard is
told how everything stands."""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from hotline.domain.city.hours import is_open
from hotline.domain.city.model import City
from hotline.domain.city.selectors import city_of
from hotline.domain.queue import matching, phones, seats, services, staff, sweep, switches
from hotline.domain.queue.look import look
from hotline.domain.queue.phones import PhoneWanted
from hotline.domain.queue.rules import rules_of
from hotline.domain.queue.seats import Seat


@dataclass(frozen=True, slots=True)
class QueueNews:
    """The level, not the changes: whoever lost one look loses nothing. ``phones``: the
    endpoints that must exist; ``next_at``: when the next timer is due."""

    seats: tuple[Seat, ...]
    phones: tuple[PhoneWanted, ...]
    next_at: datetime | None


def run_queue(
    *, node: str, dials: bool, now: datetime, talks: seats.Talks | None = None
) -> QueueNews:
    """``dials``: whether this switchboard can ring outside numbers, so that call-backs can
    be made. ``talks`` is what whoever looks often knows of the last talks. Safe to run anywhere
    at any time, as often as one likes."""
    seen = look(node=node, now=now)
    if seen.due:
        with transaction.atomic():
            sweep.sweep(city=city_of(seen.version), node=node, due=seen.due, now=now)
        seen = look(node=node, now=now)
    city = city_of(seen.version)
    on_duty = staff.staff(seen.staff, rules_of(city))
    instead = _instead(city, on_duty.on_duty, switches.targets(seen.switches), now=now)
    plan = matching.NOTHING
    if on_duty.idle and seen.callers:
        plan = matching.plan(
            city=city, staff=on_duty, closed=instead, dialling=_dialling(city, dials, now), now=now
        )
    if plan.pairs:
        with transaction.atomic():
            matching.make(plan, city=city, node=node, now=now)
        seen = look(node=node, now=now)
    level = seats.Level(on_duty=on_duty.on_duty, instead=instead, persons_for=plan.persons_for)
    return QueueNews(
        seats=seats.seats(seen.seats, level, talks or seats.Talks(), now=now),
        phones=phones.wanted(seen.operators, seen.pages),
        next_at=seen.next_at,
    )


def _dialling(city: City, dials: bool, now: datetime) -> matching.Dialling:
    hours = is_open(city.call_backs.hours, now=now, zone=city.time_zone)
    return matching.Dialling(possible=dials, hours=hours)


def _instead(
    city: City, on_duty: Mapping[str, int], switched: Mapping[str, str], *, now: datetime
) -> dict[str, str]:
    """Branches where nobody may wait now: ``announce``, ``call_back``, or why the callbot."""
    found: dict[str, str] = {}
    for branch in city.menu.branches:
        if branch.line is None:
            continue
        decision = services.decision_of(
            city=city,
            line=branch.line,
            switched_to=switched.get(branch.key),
            staffed=partial(operator.contains, on_duty, branch.key),
            now=now,
        )
        if decision.answer is services.Answer.CALLBOT:
            found[branch.key] = decision.reason
        elif decision.answer is not services.Answer.WAIT:
            found[branch.key] = str(decision.answer)
    return found
