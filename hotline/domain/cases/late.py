"""Which cases are late, by what was promised."""

from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from hotline.domain.cases.models import Case, CaseEvent, Stage
from hotline.domain.cases.timeline import Kind

AT_ONCE = 500


class Promised(StrEnum):
    FORWARD = "forward"
    NEWS = "news"
    ANSWER = "answer"


_UNANSWERED = (Stage.TRIAGE, Stage.FORWARDED, Stage.ACCEPTED, Stage.WAITING_CITIZEN)


def newly_late(promise: Promised, *, now: datetime) -> QuerySet[Case]:
    """Cases whose timeline does not say yet that this promise was broken; at most 500."""
    told = CaseEvent.objects.filter(case=OuterRef("pk"), kind=Kind.LATE, data__promise=promise)
    return Case.objects.filter(_LATE[promise](now)).exclude(Exists(told)).order_by("pk")[:AT_ONCE]


_LATE = {
    Promised.FORWARD: lambda now: Q(stage=Stage.TRIAGE, forward_due__lt=now),
    Promised.NEWS: lambda now: Q(stage=Stage.FORWARDED, news_due__lt=now),
    Promised.ANSWER: lambda now: Q(stage__in=_UNANSWERED, answer_due__lt=now),
}
