"""The newest snapshot of this process: whoever asks within a second gets the same one."""

from datetime import datetime, timedelta
from threading import Lock

from django.conf import settings

from hotline.reports.day_totals import DayTotals
from hotline.reports.wallboard import Snapshot, snapshot

FRESH = timedelta(seconds=1)


class Latest:
    """Keeps the day's totals, so that a snapshot reads only what is new."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._totals = DayTotals()
        self._seen: Snapshot | None = None

    def __call__(self, now: datetime, *, at_least: datetime | None = None) -> Snapshot:
        """As of ``now``, or of up to a second before but not before ``at_least``. Raises
        NotFound before a city is loaded."""
        with self._lock:
            seen, oldest = self._seen, max(now - FRESH, at_least or now - FRESH)
            if seen is None or not oldest < seen.at <= now:
                seen = snapshot(totals=self._totals, capacity=settings.ENV.max_calls, now=now)
                self._seen = seen
            return seen

    def forget(self) -> None:
        """For tests, whose database forgets too."""
        self._seen, self._totals = None, DayTotals()


latest = Latest()
