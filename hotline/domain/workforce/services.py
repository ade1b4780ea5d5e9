"""Writes of operators and of what they do now.

Each change of presence is a compare-and-swap on the state that it leaves: a command that
comes too late changes nothing and returns False.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from hotline.domain.accounts.models import User
from hotline.domain.workforce.models import (
    Operator,
    OperatorKind,
    PhoneKind,
    Presence,
    PresenceState,
    Skill,
)

_FREE = (PresenceState.READY, PresenceState.PAUSED, PresenceState.WRAP_UP)


def ensure_operator(
    *, user: User, kind: OperatorKind, extension: str, skills: Mapping[str, int], now: datetime
) -> Operator:
    """The operator that the user is, with exactly these skills (level by branch)."""
    operator, _ = Operator.objects.update_or_create(
        user=user, defaults={"kind": kind, "extension": extension}
    )
    Presence.objects.get_or_create(operator=operator, defaults={"since": now, "seen_at": now})
    operator.skills.exclude(branch__in=skills).delete()
    for branch, level in skills.items():
        Skill.objects.update_or_create(operator=operator, branch=branch, defaults={"level": level})
    return operator


def sign_on(
    *, operator: Operator, skills: Mapping[str, int], phone: PhoneKind, now: datetime
) -> bool:
    """Signed on for the branches of ``skills`` (level by branch) and paused, until they say
    that they are ready. Who is on duty already only changes branches and phone. False while
    a call is theirs."""
    changed = Presence.objects.filter(operator=operator, state__in=(PresenceState.OFF, *_FREE))
    branches = sorted(skills)
    done = changed.update(
        branches=branches,
        levels=[skills[branch] for branch in branches],
        seen_at=now,
        epoch=F("epoch") + 1,
    )
    if done:
        Operator.objects.filter(pk=operator.pk).update(phone=phone)
        _move(operator.pk, (PresenceState.OFF,), PresenceState.PAUSED, now=now, reason="signed_on")
    return bool(done)


def sign_off(*, operator: int, now: datetime) -> bool:
    """False while a call is theirs."""
    return _move(operator, _FREE, PresenceState.OFF, now=now)


def be_ready(*, operator: int, now: datetime) -> bool:
    """From a pause or a wrap-up."""
    return _move(
        operator, (PresenceState.PAUSED, PresenceState.WRAP_UP), PresenceState.READY, now=now
    )


def pause(*, operator: int, reason: str, now: datetime) -> bool:
    """False while a call is theirs, or rings."""
    return _move(operator, _FREE, PresenceState.PAUSED, now=now, reason=reason)


def stop_offering(*, operator: int, reason: str, now: datetime) -> bool:
    """Whose phone did not answer gets no calls, until they say that they are ready."""
    return _move(operator, (PresenceState.OFFERED,), PresenceState.PAUSED, now=now, reason=reason)


def release(*, operator: int, now: datetime) -> bool:
    """The caller left while the phone rang: ready as before, idle since before. Who was not
    idle before (they had called somebody out of a pause) is so from now on."""
    done = Presence.objects.filter(operator_id=operator, state=PresenceState.OFFERED).update(
        state=PresenceState.READY,
        since=now,
        ready_since=Coalesce("ready_since", Value(now)),
        epoch=F("epoch") + 1,
    )
    return bool(done)


def talks(*, operator: int, now: datetime) -> bool:
    return _move(operator, (PresenceState.OFFERED,), PresenceState.BUSY, now=now)


def wrap_up(*, operator: int, seconds: int, now: datetime) -> bool:
    """After a call; it ends by itself."""
    return _move(
        operator,
        (PresenceState.BUSY, PresenceState.OFFERED),
        PresenceState.WRAP_UP,
        now=now,
        until=now + timedelta(seconds=seconds),
    )


_WRAP_UPS_OVER = """
UPDATE workforce_presence p
SET state = 'ready', since = o.until, ready_since = o.until, until = NULL, reason = '',
    epoch = p.epoch + 1
FROM (SELECT operator_id, until FROM workforce_presence
      WHERE state = 'wrap_up' AND until <= %s FOR UPDATE SKIP LOCKED) AS o
WHERE p.operator_id = o.operator_id RETURNING o.operator_id, o.until"""


def end_wrap_ups(*, now: datetime) -> dict[int, datetime]:
    """Who has wrapped up for long enough is ready, and idle since the wrap-up's end; gives
    that time by user id."""
    with connection.cursor() as cursor:
        cursor.execute(_WRAP_UPS_OVER, [now])
        return dict(cursor.fetchall())


def seen(*, operator: int, now: datetime) -> None:
    Presence.objects.filter(operator_id=operator).update(seen_at=now)


def _move(
    operator: int,
    before: Collection[str],
    after: PresenceState,
    *,
    now: datetime,
    reason: str = "",
    until: datetime | None = None,
) -> bool:
    done = Presence.objects.filter(operator_id=operator, state__in=before).update(
        state=after,
        reason=reason,
        since=now,
        until=until,
        ready_since=now if after is PresenceState.READY else None,
        epoch=F("epoch") + 1,
    )
    return bool(done)
