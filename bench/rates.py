"""The highest rate that is held: rates are tried upwards, each counts only if all is complete."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import quantiles

from bench.errors import CannotMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One rate. ``in_time``: complete calls that took as long as the scenario does. ``cpu_ms``
    is what each part spent on a call, ``sipp_ms`` what those who placed and took it did;
    ``slowness``: how much longer the cores took for the same work than alone, so that much of it
    is waiting for each other."""

    rate: float
    offered: int
    complete: int
    in_time: int
    seconds: tuple[float, ...]
    cpu_ms: Mapping[str, float]
    slowness: float = 1.0
    sipp_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        return self.complete == self.in_time == self.offered


Rate = Callable[[float], Run]
"""Runs one rate (items a second)."""


def highest(rates: Sequence[float], run: Rate, *, tries: int) -> Run:
    """The highest rate that was held. Raises CannotMeasure if none was."""
    best: Run | None = None
    for rate in rates:
        for _ in range(tries):
            one = run(rate)
            if one.held:
                best = one
                break
        else:
            break
    if best is None:
        raise CannotMeasure("not even the lowest rate was held; see the lines above")
    return best


def alone(run: Run) -> dict[str, float]:
    """What each part would spend on cores that nobody else uses."""
    return {name: round(spent / run.slowness, 2) for name, spent in run.cpu_ms.items()}


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """p50_s, p95_s and p99_s of at least two lengths."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {f"p{at}_s": round(cuts[at - 1], 2) for at in (50, 95, 99)}
