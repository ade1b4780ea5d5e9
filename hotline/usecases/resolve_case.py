"""It is done."""

from datetime import datetime

from hotline.domain.accounts.models import User
from hotline.domain.cases.models import Case
from hotline.domain.cases.words import require_words
from hotline.domain.cases.workflow import Verb
from hotline.usecases.staff import act


def resolve_case(*, user: User, case: str, seen_version: int, text: str, now: datetime) -> Case:
    """``text`` is the last answer, which the citizen sees. Raises NotFound, Stale,
    Refusal (``empty_text``, ``text_too_long``, ``wrong_stage``, ``not_allowed``)."""
    return act(
        user=user,
        case=case,
        verb=Verb.RESOLVE,
        seen_version=seen_version,
        words=require_words(text),
        now=now,
    )
