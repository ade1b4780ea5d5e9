"""The listening queue: cases whose recordings somebody must hear."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.cases.models import Case, ListeningTask

CLAIM = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """``waiting`` holds all that is not done, ``claimed`` those that somebody hears now."""

    waiting: int
    urgent: int
    claimed: int
    oldest: datetime | None


def ask_to_listen(case: Case, *, now: datetime) -> None:
    """Somebody must hear this case; a task that was done is open again."""
    ListeningTask.objects.update_or_create(
        case=case,
        defaults={
            "urgent": case.urgent,
            "created_at": now,
            "claimed_by": None,
            "claimed_until": None,
            "done_at": None,
            "done_by": None,
        },
    )


def claim_next(*, user: User, now: datetime) -> Case | None:
    """The task that this user holds already, else the next one: urgent first, oldest first.
    Two who ask at the same moment get two cases. A claim runs out after 15 minutes."""
    mine = claim_of(user, now)
    task = mine or (
        ListeningTask.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(claimed_until=None) | Q(claimed_until__lte=now), done_at=None)
        .order_by("-urgent", "created_at")
        .first()
    )
    if task is None:
        return None
    task.claimed_by, task.claimed_until = user, now + CLAIM
    task.save(update_fields=["claimed_by", "claimed_until"])
    return task.case


def release(*, case: Case, user: User) -> None:
    """Gives a claimed task back; somebody else's claim stays."""
    ListeningTask.objects.filter(case=case, claimed_by=user, done_at=None).update(
        claimed_by=None, claimed_until=None
    )


def finish(*, case: Case, user: User, now: datetime) -> None:
    """Somebody has heard the case. Raises Refusal ``claimed`` while another person hears it."""
    task = ListeningTask.objects.select_for_update().filter(case=case).first()
    if task is None or task.done_at is not None:
        return
    claimed = task.claimed_until is not None and task.claimed_until > now
    if claimed and task.claimed_by_id != user.pk:
        raise Refusal("claimed", gettext_noop("Somebody else is listening to this case now."))
    task.claimed_by = task.claimed_until = None
    task.done_at, task.done_by = now, user
    task.save()


def not_needed(case: Case, *, now: datetime) -> None:
    """Somebody was told in person what the recordings say: nobody need hear them."""
    ListeningTask.objects.filter(case=case, done_at=None).update(
        done_at=now, claimed_by=None, claimed_until=None
    )


def claim_of(user: User, now: datetime) -> ListeningTask | None:
    """What this user is listening to."""
    return (
        ListeningTask.objects.filter(claimed_by=user, claimed_until__gt=now, done_at=None)
        .select_related("case")
        .first()
    )


def task_of(case: Case) -> ListeningTask | None:
    """The open task of a case."""
    return ListeningTask.objects.filter(case=case, done_at=None).first()


def backlog(now: datetime) -> Backlog:
    found = ListeningTask.objects.filter(done_at=None).aggregate(
        waiting=Count("pk"),
        urgent=Count("pk", filter=Q(urgent=True)),
        claimed=Count("pk", filter=Q(claimed_until__gt=now)),
        oldest=Min("created_at"),
    )
    return Backlog(**found)
