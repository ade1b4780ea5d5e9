"""An operator is about to ring somebody back."""

from datetime import datetime

from django.db import transaction

from hotline.domain.accounts.models import User
from hotline.domain.calls import selectors
from hotline.domain.history.services import record
from hotline.domain.people.selectors import phone_of


def show_call_back_number(*, user: User, call_back: int, now: datetime) -> str:
    """The number in E.164; "" if it was erased. The reading stands in the history. Raises
    NotFound."""
    with transaction.atomic():
        found = selectors.call_back_for(user, call_back)
        record(at=now, verb="read_contact", subject=f"call_back:{found.pk}", actor=user)
        return phone_of(found.person) or ""
