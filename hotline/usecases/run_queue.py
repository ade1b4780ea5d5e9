"""One look at the queue: what is due is done, who waits is offered, and the switchboard is
told how everything stands."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hotline.domain.city import selectors as cities
from hotline.domain.city.model import City
from hotline.domain.queue import matching, phones, seats, services, sweep
from hotline.domain.city.hours import is_open
from hotline.domain.queue.phones import PhoneWanted
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
    with transaction.atomic():
        sweep.sweep(now=now)
    dialling = matching.Dialling(
        possible=dials,
        hours=is_open(city.call_backs.hours, now=now, zone=city.time_zone),
    )
    with transaction.atomic():
        matching.match(city=city, dialling=dialling, now=now)
    return QueueNews(
        seats=seats.seats(
            node=node,
            city=city,
            overflow=sweep.overflowing(node=node, now=now),
            instead=_instead(city, now=now),
            persons_for=frozenset(matching.persons_free(city=city, now=now)),
        ),
        phones=phones.wanted(now=now),
        next_at=sweep.next_due(now=now),
    )


def _instead(city: City, *, now: datetime) -> dict[str, str]:
    """Branches where nobody may wait now: ``announce``, ``call_back``, or why the callbot."""
    found: dict[str, str] = {}
    for branch in city.menu.branches:
        if branch.line is None:
            continue
        decision = services.decide(city=city, branch=branch.key, line=branch.line, now=now)
        if decision.answer is services.Answer.CALLBOT:
            found[branch.key] = decision.reason
        elif decision.answer is not services.Answer.WAIT:
            found[branch.key] = str(decision.answer)
    return found
