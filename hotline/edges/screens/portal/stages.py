"""How far a case is, in words and as steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hotline.domain.cases.models import Stage
from hotline.edges.screens.shared.context import say
from hotline.edges.screens.shared.templatetags.shown import moment
from hotline.usecases.open_case import TrackedCase
from hotline.usecases.track_case import TrackedStage

# How many steps lie behind a case at each stage; the next one is what happens now.
REACHED: Mapping[Stage, int] = {
    Stage.TRIAGE: 0,
    Stage.FORWARDED: 1,
    Stage.ACCEPTED: 2,
    Stage.WAITING_CITIZEN: 2,
    Stage.ANSWERED: 3,
    Stage.RESOLVED: 4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``now``: where the case stands; ``done``: it stands there or was there."""

    label: str
    at: datetime | None
    done: bool
    now: bool


def steps(stage: TrackedStage) -> tuple[Step, ...]:
    """The five steps of a case, the present one marked."""
    reached = REACHED[stage.stage]
    named = (
        (_("Received"), stage.received_at),
        (_("Passed on"), stage.forwarded_at),
        (_("Accepted"), stage.accepted_at),
        (_("Answered"), stage.answered_at),
        (_("Done"), stage.resolved_at),
    )
    return tuple(
        Step(label=label, at=at if n <= reached else None, done=n <= reached, now=n == reached)
        for n, (label, at) in enumerate(named)
    )


def sentence(stage: TrackedStage) -> str:
    """Where the case stands, in one sentence that says who acts next."""
    return {
        Stage.TRIAGE: _("We have received your report and are finding who can act."),
        Stage.FORWARDED: _("Your report was passed on. The office has not accepted it yet."),
        Stage.ACCEPTED: _("The office has accepted your report and is working on it."),
        Stage.WAITING_CITIZEN: _("The office has a question for you. Please answer it below."),
        Stage.ANSWERED: _("The office has answered. Open your report to read the answer."),
        Stage.RESOLVED: _("Your report is done. Open it to read how."),
    }[stage.stage]


def promises(stage: TrackedStage) -> tuple[tuple[str, str], ...]:
    """What was promised and by when, as pairs for a list; what is done already is left out."""
    if stage.answered_at or stage.resolved_at:
        return ()
    due = (
        (_("Passed on before"), None if stage.forwarded_at else stage.forward_due),
        (_("First news before"), None if stage.accepted_at else stage.news_due),
        (_("Answer before"), stage.answer_due),
    )
    return tuple((label, moment(at)) for label, at in due if at)


def next_lines(stage: TrackedStage, seen: TrackedCase | None) -> tuple[str, ...]:
    """What happens after a report was sent: one idea a line, by when."""
    lines = [_passed_on(stage, seen)]
    if stage.news_due:
        lines.append(_("You get first news before %(at)s.") % {"at": moment(stage.news_due)})
    if stage.answer_due:
        lines.append(_("You get an answer before %(at)s.") % {"at": moment(stage.answer_due)})
    lines.append(_("If something is unclear, we call you at the number that you gave."))
    return tuple(lines)


def _passed_on(stage: TrackedStage, seen: TrackedCase | None) -> str:
    if stage.forwarded_at and seen and seen.agency:
        return _("Your report has been passed to: %(agency)s.") % {"agency": say(seen.agency)}
    if stage.forwarded_at:
        return _("Your report has been passed to the office that can act.")
    if stage.forward_due:
        return _("We pass your report to the office that can act, before %(at)s.") % {
            "at": moment(stage.forward_due)
        }
    return _("We pass your report to the office that can act.")
