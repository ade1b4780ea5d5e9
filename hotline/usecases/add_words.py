"""A citizen adds something to the own case, or answers what was asked."""

from datetime import datetime

from django.db import transaction

from hotline.domain.cases import services, timeline
from hotline.domain.cases.models import Case
from hotline.domain.cases.timeline import Kind
from hotline.domain.cases.words import require_words
from hotline.usecases.open_case import TrackedCase, case_of_token, reopen_case


def add_words(*, code: str, token: str, text: str, now: datetime) -> TrackedCase:
    """The case goes back to whoever must look at it next. The same words sent twice are added
    once. Raises Refusal (``expired``, ``empty_text``, ``text_too_long``, ``erased``), NotFound.
    """
    words = require_words(text)
    with transaction.atomic():
        found = case_of_token(code=code, token=token, now=now)
        case = Case.objects.select_for_update(of=("self",)).get(pk=found.pk)
        last = case.events.order_by("-at", "-pk").first()
        sent_twice = (
            last is not None and last.kind == Kind.ADDED and timeline.words_of(case, last) == words
        )
        if not sent_twice:
            services.add(
                case,
                entry=timeline.Entry(kind=Kind.ADDED, words=words, data={"channel": "web"}),
                now=now,
            )
    return reopen_case(code=code, token=token, now=now)
