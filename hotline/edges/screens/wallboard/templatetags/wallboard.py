"""How the wallboard writes figures; its script writes them the same way."""

from datetime import datetime

from django import template
from django.utils import timezone

from hotline.edges.screens.shared.context import language
from hotline.edges.screens.wallboard import words
from hotline.reports.wallboard import BranchNow

register = template.Library()
NOTHING = "–"


@register.filter
def share(value: float | None) -> str:
    """0.964 → ``96 %``; never rounded up to 100."""
    return NOTHING if value is None else f"{int(value * 100)} %"


@register.filter
def figure(number: int) -> str:
    """12345 as the page's language writes it: ``12.345`` in Vietnamese."""
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if language() == "vi" else grouped


@register.filter
def clock(seconds: float | None) -> str:
    """Seconds as ``m:ss``, from an hour on ``h:mm:ss``."""
    if seconds is None:
        return NOTHING
    whole = max(0, int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours}:{minutes:02}:{whole % 60:02}"
    return f"{minutes}:{whole % 60:02}"


@register.filter
def since(moment: datetime | None, now: datetime) -> str:
    """How long ago, as ``clock``."""
    return NOTHING if moment is None else clock((now - moment).total_seconds())


@register.filter
def time_of_day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


@register.filter
def state_word(state: str) -> str:
    return str(_of(words.STATES, state))


@register.filter
def reason_word(reason: str) -> str:
    return str(_of(words.REASONS, reason))


@register.filter
def kind_word(kind: str) -> str:
    return str(_of(words.KINDS, kind))


@register.filter
def process_word(process: str) -> str:
    return str(_of(words.PROCESSES, process))


@register.filter
def who_answers(branch: BranchNow) -> str:
    """Who answers the branch now: people, the callbot, an announcement until a time."""
    said = words.for_script()
    if branch.switch is not None:
        return str(_of(words.SWITCHED, branch.switch.to)) % {
            "until": time_of_day(branch.switch.until)
        }
    return str(said["people"] if branch.staffed else said["bot_only"])


def _of(known: words.Words, key: str) -> object:
    return known.get(key, key)
