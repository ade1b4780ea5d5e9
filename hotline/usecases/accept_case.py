"""The agency takes the case on."""

from datetime import datetime

from hotline.domain.accounts.models import User
from hotline.domain.cases.models import Case
from hotline.domain.cases.workflow import Verb
from hotline.usecases.staff import act


def accept_case(*, user: User, case: str, seen_version: int, now: datetime) -> Case:
    """From now on the agency's officers see the contact. Raises NotFound, Stale, Refusal
    (``wrong_stage``, ``not_allowed``)."""
    return act(user=user, case=case, verb=Verb.ACCEPT, seen_version=seen_version, words="", now=now)
