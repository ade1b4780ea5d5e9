"""Something is missing that only the citizen knows."""

from datetime import datetime

from hotline.domain.accounts.models import User
from hotline.domain.cases.models import Case
from hotline.domain.cases.words import require_words
from hotline.domain.cases.workflow import Verb
from hotline.usecases.staff import act


def ask_citizen(*, user: User, case: str, seen_version: int, text: str, now: datetime) -> Case:
    """The citizen sees the question; the case waits for the answer. Raises NotFound, Stale,
    Refusal (``empty_text``, ``text_too_long``, ``wrong_stage``, ``not_allowed``)."""
    return act(
        user=user,
        case=case,
        verb=Verb.ASK,
        seen_version=seen_version,
        words=require_words(text),
        now=now,
    )
