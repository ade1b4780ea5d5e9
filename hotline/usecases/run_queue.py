"""One look at the queue: what is due is done, who waits is offered, and the switchboard is
told how everything stands."""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from hotline.domain.city import selectors as cities
from hotline.domain.city.hours import is_open
from hotline.domain.city.model import City
from hotline.domain.queue import matching, phones, seats, services, staff, sweep, switches
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


def run_queue(*, node: str, dials: bool, now: datetime) -> QueueNews:
    """``dials``: whether this switchboard can ring outside numbers, so that call-backs can
    be made. Safe to run anywhere at any time, as often as one likes."""
    _, city = cities.current()
    if sweep.anything_due(now):
        with transaction.atomic():
            sweep.sweep(city=city, node=node, now=now)
    on_duty = staff.staff(rules_of(city))
    instead = _instead(city, on_duty.on_duty, now=now)
    dialling = matching.Dialling(
        possible=dials,
        hours=is_open(city.call_backs.hours, now=now, zone=city.time_zone),
    )
    matched = matching.NOTHING
    if on_duty.idle:
        with transaction.atomic():
            matched = matching.match(
                city=city, staff=on_duty, closed=instead, dialling=dialling, node=node, now=now
            )
    level = seats.Level(
        on_duty=on_duty.on_duty,
        overflow=sweep.overflowing(node=node, now=now),
        instead=instead,
        persons_for=matched.persons_for,
    )
    return QueueNews(
        seats=seats.seats(node=node, level=level),
        phones=phones.wanted(now=now),
        next_at=sweep.next_due(now=now),
    )


def _instead(city: City, on_duty: Mapping[str, int], *, now: datetime) -> dict[str, str]:
    """Branches where nobody may wait now: ``announce``, ``call_back``, or why the callbot."""
    switched = switches.targets(now=now)
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
