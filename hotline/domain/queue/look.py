"""All that a switchboard asks of the queue, in one statement: it looks many times a second, and
mostly nothing is new. Each part is asked in words of the module that understands it, and most
parts are text, which says the same as before if it reads the same as before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from hotline.core.errors import NotFound
from hotline.domain.prepared import one_row
from hotline.domain.queue import matching, phones, seats, staff, sweep, switches
from hotline.domain.queue.policy import AGEING_S


@dataclass(frozen=True, slots=True)
class Look:
    """``version`` is the current city's; ``due``: what there is to sweep; ``callers``:
    somebody may want an operator. The texts are for the functions of their modules."""

    version: int
    due: Collection[str]
    callers: bool
    next_at: datetime | None
    switches: str | None
    staff: str | None
    seats: str | None
    operators: str | None
    pages: str | None


_PARTS = (
    "SELECT v.id FROM city_cityversion v WHERE v.current",
    f"SELECT {sweep.ALL_DUE}",
    f"SELECT {matching.CALLERS}",
    f"SELECT {sweep.NEXT_DUE}",
    switches.TARGETS,
    staff.ON_DUTY,
    seats.SEATS,
    phones.OPERATORS,
    phones.PAGES,
)
_LOOK = "SELECT " + ",\n".join(f"({part})" for part in _PARTS)


def look(*, node: str, now: datetime) -> Look:
    """As everything stands at one moment. Raises NotFound before any city is loaded."""
    values = {"node": node, "ageing": AGEING_S, **sweep.moments(now)}
    version, due, callers, next_at, *texts = one_row(_LOOK, values)
    if version is None:
        raise NotFound("No city is loaded.")
    return Look(version, due, callers, next_at and max(next_at, now), *texts)
