"""Somebody reads a citizen's name and numbers."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.accounts.roles import is_officer
from hotline.domain.cases import selectors
from hotline.domain.history.services import record
from hotline.domain.people.selectors import erased, name_of, phone_of
from hotline.usecases.staff import require_actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """Empty where it is not known; numbers in E.164. ``erased``: nobody can know any more."""

    reporter_name: str
    reporter_phone: str
    subject_name: str
    subject_phone: str
    erased: bool


def read_contact(*, user: User, case: str, now: datetime) -> ContactDetails:
    """Each reading stands in the history. Raises NotFound, Refusal (``not_accepted`` for an
    agency that has not accepted yet, ``not_allowed``)."""
    with transaction.atomic():
        found = selectors.case_for(user, case)
        require_actor(user, desk=True, officers=True)
        if is_officer(user) and not selectors.contact_visible(user, found):
            raise Refusal(
                "not_accepted",
                gettext_noop("The contact is shown once your agency has accepted the case."),
            )
        record(at=now, verb="read_contact", subject=f"case:{found.code}", actor=user)
        reporter, subject = found.reporter, found.subject
        return ContactDetails(
            reporter_name=name_of(reporter) or "",
            reporter_phone=phone_of(reporter) or "",
            subject_name=(name_of(subject) if subject else None) or "",
            subject_phone=(phone_of(subject) if subject else None) or "",
            erased=erased(reporter.pk),
        )
