"""Numbers whose calls are not taken for a time."""

from dataclasses import dataclass
from datetime import datetime

from hotline.core.errors import NotFound
from hotline.domain.accounts.models import User
from hotline.domain.accounts.roles import at_the_desk
from hotline.domain.calls.models import Block
from hotline.domain.contacts.models import Contact
from hotline.domain.people.sealing import Erased, seal, unseal
from hotline.domain.people.selectors import index_of, phone_of

KEEP, LIFT = "keep", "lift"
VERDICTS = frozenset({KEEP, LIFT})
REASON = "calls_block.reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow:
    """``number`` in E.164; it and ``reason`` are empty if they were erased."""

    id: int
    number: str
    reason: str
    by: str
    since: datetime
    until: datetime
    verdict: str
    contact: str


def is_blocked(number: str, *, now: datetime) -> bool:
    """``number`` in E.164."""
    return (
        Block.objects.filter(number_index=index_of(number), until__gt=now)
        .exclude(verdict=LIFT)
        .exists()
    )


def block(
    *, contact: Contact, number: str, reason: str, by: User, until: datetime, now: datetime
) -> Block:
    """The same contact blocks once."""
    made, _ = Block.objects.get_or_create(
        contact=contact,
        number_index=index_of(number),
        defaults={
            "person": contact.person,
            "reason": seal(contact.person_id, reason, where=REASON),
            "by": by,
            "since": now,
            "until": until,
        },
    )
    return made


def review(*, block: int, verdict: str, by: User, now: datetime) -> Block:
    """Raises NotFound."""
    found = Block.objects.select_for_update().filter(pk=block).first()
    if found is None:
        raise NotFound
    found.verdict, found.reviewed_by, found.reviewed_at = verdict, by, now
    found.save(update_fields=["verdict", "reviewed_by", "reviewed_at"])
    return found


def in_force(user: User, *, now: datetime) -> tuple[BlockRow, ...]:
    """Those not reviewed first. Raises NotFound for who is not at the desk."""
    if not at_the_desk(user):
        raise NotFound
    rows = (
        Block.objects.filter(until__gt=now)
        .exclude(verdict=LIFT)
        .select_related("by", "person")
        .order_by("verdict", "-since")
    )
    return tuple(
        BlockRow(
            id=row.pk,
            number=phone_of(row.person) or "",
            reason=_reason(row),
            by=row.by.display_name,
            since=row.since,
            until=row.until,
            verdict=row.verdict,
            contact=str(row.contact_id or ""),
        )
        for row in rows
    )


def _reason(row: Block) -> str:
    try:
        return unseal(row.person_id, row.reason, where=REASON).decode()
    except Erased:
        return ""


def unreviewed(*, now: datetime) -> int:
    """How many blocks no supervisor has looked at."""
    return Block.objects.filter(until__gt=now, verdict="").count()
