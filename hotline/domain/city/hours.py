"""When a branch is answered by people, and when people may be rung back."""

from collections.abc import Sequence
from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=256)
def span(text: str) -> tuple[time, time]:
    """``08:00-22:00`` as two times of day. An end of 24:00 is midnight; an end before the
    beginning goes over midnight. Raises ValueError."""
    first, separator, last = text.partition("-")
    if not separator:
        raise ValueError("not a span of time")
    return time.fromisoformat(first), time.min if last == "24:00" else time.fromisoformat(last)


def is_open(hours: Sequence[str], *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether ``now`` lies in one of the spans of the city's local time; no spans: always."""
    if not hours:
        return True
    local = now.astimezone(zone).time()
    return any(_within(local, *span(text)) for text in hours)


def _within(moment: time, first: time, last: time) -> bool:
    if first < last:
        return first <= moment < last
    return moment >= first or moment < last
