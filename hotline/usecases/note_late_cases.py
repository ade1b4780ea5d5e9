"""A promise was broken: the case says so by itself, once."""

from datetime import datetime

from django.db import transaction

from hotline.domain.cases import late
from hotline.domain.cases.timeline import Entry, Kind, append


def note_late_cases(*, now: datetime) -> int:
    """Writes a line into the timeline of every case that was not forwarded, heard of, or
    answered in time, once a promise. Returns how many lines."""
    written = 0
    for promise in late.Promised:
        for case in late.newly_late(promise, now=now):
            with transaction.atomic():
                append(case, Entry(kind=Kind.LATE, data={"promise": promise}), now=now)
            written += 1
    return written
