"""An operator has heard the recordings and writes down what was said."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hotline.dialogue.progress import complete
from hotline.dialogue.script import Channel, Script
from hotline.dialogue.state import Answer, Stage, State
from hotline.domain.accounts.models import User
from hotline.domain.cases import answers as case_answers
from hotline.domain.cases import listening, selectors, services, timeline
from hotline.domain.cases.models import Case
from hotline.domain.cases.models import Stage as CaseStage
from hotline.domain.city.model import City
from hotline.domain.history.services import record
from hotline.domain.people.sealing import sealer_of
from hotline.usecases.facts import due_facts, facts_of, subject_of
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
        _write(found, written, script, city, seen_version=seen_version, now=now)
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


def _write(
    case: Case,
    written: tuple[Answer, ...],
    script: Script,
    city: City,
    *,
    seen_version: int,
    now: datetime,
) -> None:
    kept = {slot: known.answer for slot, known in case_answers.read(case).items()}
    together = {**kept, **{answer.slot: answer for answer in written}}
    facts = facts_of(
        city=city, script=script, answers=together.values(), branch=case.branch or None
    )
    services.complete(
        case,
        seen_version=seen_version,
        facts={
            "complete": case.complete or _is_complete(case, together, city),
            "category": facts.category or "",
            "urgent": facts.urgent or case.urgent,
            "place": facts.place or case.place,
            "subject": case.subject or subject_of(script, together.values(), now=now),
            **due_facts(city, facts.category, received_at=case.created_at),
        },
    )
    case_answers.write(case, written, sealer=sealer_of(case.reporter_id), now=now)


def _is_complete(case: Case, answers: Mapping[str, Answer], city: City) -> bool:
    """Whether everything that the script requires is known now."""
    state = State(
        channel=Channel.DESK,
        language=city.languages[0],
        stage=Stage.CONFIRM,
        script=case.script,
        answers=answers,
    )
    return complete(state, city.book)
