"""What became known later is written into a case that exists. Internal to the use cases."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from hotline.dialogue.progress import complete
from hotline.dialogue.script import Channel, Script
from hotline.dialogue.state import Answer, Stage, State
from hotline.domain.cases import answers as case_answers
from hotline.domain.cases import listening, services, timeline
from hotline.domain.cases.models import Case
from hotline.domain.cases.models import Stage as CaseStage
from hotline.domain.city.model import City
from hotline.domain.people.sealing import sealer_of
from hotline.usecases.facts import due_facts, facts_of, subject_of
from hotline.usecases.route_case import route_case


def fill_case(
    case: Case,
    written: Iterable[Answer],
    *,
    script: Script,
    city: City,
    seen_version: int,
    whole: bool = False,
    now: datetime,
) -> None:
    """The answers, and what the case is by all of them. ``whole``: nothing is missing, whatever
    the script requires. Raises Stale."""
    new = tuple(written)
    together = _known(case) | {answer.slot: answer for answer in new}
    facts = facts_of(
        city=city, script=script, answers=together.values(), branch=case.branch or None
    )
    services.complete(
        case,
        seen_version=seen_version,
        facts={
            "complete": case.complete or whole or _is_complete(case, together, city),
            "category": facts.category or "",
            "urgent": facts.urgent or case.urgent,
            "place": facts.place or case.place,
            "subject": case.subject or subject_of(script, together.values(), now=now),
            **due_facts(city, facts.category, received_at=case.created_at),
        },
    )
    case_answers.write(case, new, sealer=sealer_of(case.reporter_id), now=now)


def go_on_with(
    case: Case,
    answers: Iterable[Answer],
    *,
    script: Script,
    city: City,
    channel: Channel,
    whole: bool,
    now: datetime,
) -> None:
    """The contact has made this case already, or rings back for it: there is no second one.
    While it is still being sorted it is completed; later, what is new is added to it."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    known = _known(case)
    new = [answer for answer in answers if _says_more(answer, known.get(answer.slot))]
    if case.stage == CaseStage.TRIAGE and case.script == script.key:
        fill_case(
            case, new, script=script, city=city, seen_version=case.version, whole=whole, now=now
        )
        if not _unheard(_known(case).values()):
            listening.not_needed(case, now=now)
        route_case(case=case, city=city, seen_version=case.version, now=now)
    elif new:
        words = "\n".join(answer.value for answer in new if answer.value)
        data = {"channel": channel, "recordings": _unheard(new)}
        entry = timeline.Entry(kind=timeline.Kind.ADDED, words=words, data=data)
        services.add(case, entry=entry, now=now)
    if _unheard(new):
        listening.ask_to_listen(case, now=now)


def _known(case: Case) -> dict[str, Answer]:
    return {slot: kept.answer for slot, kept in case_answers.read(case).items()}


def _says_more(answer: Answer, known: Answer | None) -> bool:
    return known is None or replace(known, source=answer.source) != answer


def _unheard(answers: Iterable[Answer]) -> int:
    """How many answers exist as recordings only."""
    return sum(answer.value is None and bool(answer.recording) for answer in answers)


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
