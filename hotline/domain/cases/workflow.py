"""Which verb leads from which stages to which stage: the whole workflow of today."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop

from hotline.core.errors import Refusal
from hotline.domain.cases.models import Stage


class Verb(StrEnum):
    FORWARD = "forward"
    ACCEPT = "accept"
    ASK = "ask"
    ANSWER = "answer"
    RESOLVE = "resolve"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Step:
    """``leads_to`` None leaves the stage as it is."""

    starts: frozenset[Stage]
    leads_to: Stage | None
    refusal: str


_ALL = frozenset(Stage)
_OPEN = _ALL - {Stage.RESOLVED}

WORKFLOW: dict[Verb, Step] = {
    Verb.FORWARD: Step(
        _OPEN, Stage.FORWARDED, gettext_noop("A resolved case cannot be forwarded.")
    ),
    Verb.ACCEPT: Step(
        frozenset({Stage.FORWARDED}),
        Stage.ACCEPTED,
        gettext_noop("Only a case that was forwarded and not accepted yet can be accepted."),
    ),
    Verb.ASK: Step(
        _OPEN - {Stage.FORWARDED},
        Stage.WAITING_CITIZEN,
        gettext_noop("Accept the case first; a resolved case cannot be asked about."),
    ),
    Verb.ANSWER: Step(
        _OPEN - {Stage.FORWARDED},
        Stage.ANSWERED,
        gettext_noop("Accept the case first; a resolved case cannot be answered."),
    ),
    Verb.RESOLVE: Step(
        _OPEN - {Stage.FORWARDED},
        Stage.RESOLVED,
        gettext_noop("Accept the case first; a resolved case cannot be resolved again."),
    ),
    Verb.NOTE: Step(_ALL, None, ""),
}


def require(verb: Verb, stage: str) -> Stage:
    """The stage that ``verb`` leads to from ``stage``. Raises Refusal ``wrong_stage``."""
    step = WORKFLOW[verb]
    if stage not in step.starts:
        raise Refusal("wrong_stage", step.refusal)
    return Stage(stage) if step.leads_to is None else step.leads_to
