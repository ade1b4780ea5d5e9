"""How soon the phone of a free operator rings for a caller who waits."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.operators import Rang


@dataclass(frozen=True, slots=True)
class Offered:
    """A caller offered to an operator; seconds since the epoch. ``both_at``: from then on the
    caller waited and the operator was ready."""

    extension: str
    both_at: float
    offered_at: float


def free_to_ring(offers: Iterable[Offered], rung: Iterable[Rang]) -> list[float]:
    """Seconds from ``both_at`` until the operator's phone rang, in the order of the offers. One
    whose phone did not ring before the operator was offered somebody else has none."""
    rings: dict[str, list[float]] = {}
    for rang in rung:
        rings.setdefault(rang.extension, []).append(rang.rang_at)
    of_each: dict[str, list[Offered]] = {}
    for offer in sorted(offers, key=lambda one: one.offered_at):
        of_each.setdefault(offer.extension, []).append(offer)
    found = [
        (offer.offered_at, rang_at - offer.both_at)
        for extension, own in of_each.items()
        for offer, rang_at in _pairs(own, sorted(rings.get(extension, ())))
    ]
    return [seconds for _at, seconds in sorted(found)]


def _pairs(offers: Sequence[Offered], rings: Sequence[float]) -> list[tuple[Offered, float]]:
    """Each with the first ring between it and the next; both in order, of one operator."""
    pairs = []
    for offer, until in zip(offers, [*(one.offered_at for one in offers[1:]), None], strict=True):
        at = bisect_left(rings, offer.offered_at)
        if at < len(rings) and (until is None or rings[at] < until):
            pairs.append((offer, rings[at]))
    return pairs
