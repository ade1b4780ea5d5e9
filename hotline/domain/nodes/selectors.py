"""Which parts live."""

from datetime import datetime, timedelta

from hotline.domain.nodes.models import Heartbeat

SILENT_AFTER = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(days=1)


def parts(now: datetime) -> dict[str, tuple[bool, str]]:
    """Every process that was seen within a day: (up on at least one node, why not)."""
    seen: dict[str, tuple[bool, str]] = {}
    for beat in Heartbeat.objects.filter(at__gt=now - FORGOTTEN_AFTER).order_by("at"):
        silent = now - beat.at > SILENT_AFTER
        up = beat.up and not silent
        why = f"no sign of life since {beat.at:%H:%M:%S} UTC" if silent else beat.detail
        if up or not seen.get(beat.process, (False, ""))[0]:
            seen[beat.process] = (up, why)
    return seen
