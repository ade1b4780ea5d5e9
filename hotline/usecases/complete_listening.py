"""An operator has heard the recordings and writes down what was said."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hotline.domain.accounts.models import User
from hotline.domain.cases import listening, selectors, timeline
from hotline.domain.cases.models import Case
from hotline.domain.cases.models import Stage as CaseStage
from hotline.domain.history.services import record
from hotline.usecases.fill_case import fill_case
from hotline.usecases.operators_words import Heard, read_words
from hotline.usecases.route_case import route_case
from hotline.usecases.staff import require_actor


def complete_listening(
    *,
    user: User,
    case: str,
    seen_version: int,
    answers: Mapping[str, Heard],
    heard: str = "",
    now: datetime,
) -> Case:
    """The words replace what only a recording held (the recording stays); ``heard`` is what
    was heard in additions to the case. A case in triage is routed now, if it can be. Sent
    twice, it is done once. Raises NotFound, Stale, WrongAnswers, Refusal (``claimed``,
    ``not_allowed``, ``erased``)."""
    with transaction.atomic():
        found = selectors.case_for(user, case)
        require_actor(user, desk=True, officers=False)
        if _sent_twice(found, user, seen_version):
            return found
        city = selectors.city_of_case(found)
        script = city.scripts[found.script]
        written = read_words(script, answers, city)
        listening.finish(case=found, user=user, now=now)
        fill_case(found, written, script=script, city=city, seen_version=seen_version, now=now)
        timeline.append(
            found,
            timeline.Entry(
                kind=timeline.Kind.LISTENED,
                actor=user,
                words=heard.strip(),
                data={"slots": [answer.slot for answer in written]},
            ),
            now=now,
        )
        record(at=now, verb="complete_listening", subject=f"case:{found.code}", actor=user)
        if found.stage == CaseStage.TRIAGE:
            route_case(case=found, city=city, seen_version=found.version, now=now)
        return found


def _sent_twice(case: Case, user: User, seen_version: int) -> bool:
    return case.events.filter(
        kind=timeline.Kind.LISTENED, actor=user, data__version=seen_version + 1
    ).exists()
