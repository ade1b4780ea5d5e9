"""A branch that a supervisor sent to the callbot or to an announcement for a time."""

import json
from datetime import datetime

from hotline.domain.accounts.models import User
from hotline.domain.queue import log
from hotline.domain.queue.models import BranchSwitch, Kind, SwitchTo


def in_force(branch: str, *, now: datetime) -> BranchSwitch | None:
    return BranchSwitch.objects.filter(branch=branch, ended_at=None, until__gt=now).first()


TARGETS = """
SELECT json_object_agg(s.branch, s."to")::text FROM queue_branchswitch s
WHERE s.ended_at IS NULL AND s.until > %(now)s"""
"""Where each branch is sent that is switched now; for ``targets``."""


def targets(read: str | None) -> dict[str, SwitchTo]:
    """By branch, of what ``TARGETS`` gave."""
    return {branch: SwitchTo(to) for branch, to in json.loads(read or "{}").items()}


def switch(
    *, user: User, branch: str, to: SwitchTo, until: datetime, now: datetime
) -> BranchSwitch:
    """In place of whatever was in force."""
    end(branch=branch, now=now)
    made = BranchSwitch.objects.create(branch=branch, to=to, by=user, since=now, until=until)
    log.note(Kind.SWITCHED, at=now, branch=branch, detail=to)
    log.poke()
    return made


def end(*, branch: str, now: datetime) -> None:
    """Back to people; also clears one whose time is over."""
    row = BranchSwitch.objects.select_for_update().filter(branch=branch, ended_at=None).first()
    if row is None:
        return
    row.ended_at = min(row.until, now)
    row.save(update_fields=["ended_at"])
    log.note(Kind.SWITCHED, at=row.ended_at, branch=branch, detail="people")
    log.poke()


def end_expired(*, now: datetime) -> None:
    for branch in BranchSwitch.objects.filter(ended_at=None, until__lte=now).values_list(
        "branch", flat=True
    ):
        end(branch=branch, now=now)
