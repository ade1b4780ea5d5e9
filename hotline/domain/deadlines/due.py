"""By when something was promised. Clocks run around the clock; working time comes later."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from hotline.domain.city.model import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTimes:
    """Aware moments; ``news_due`` is None where no news was promised."""

    forward_due: datetime
    news_due: datetime | None
    answer_due: datetime


def due_times(promise: Promise, received_at: datetime) -> DueTimes:
    """Every term is counted from the receipt, so that forwarding never resets it."""
    news = promise.news_minutes
    return DueTimes(
        forward_due=received_at + timedelta(minutes=promise.forward_minutes),
        news_due=None if news is None else received_at + timedelta(minutes=news),
        answer_due=received_at + timedelta(days=promise.answer_days),
    )


def moment_words(moment: datetime, *, time_zone: ZoneInfo) -> str:
    """“17 giờ 00 ngày 05/11/2026” in the active language, in the city's time."""
    local = moment.astimezone(time_zone)
    # Translators: a moment; Vietnamese: "%(hour)s giờ %(minute)s ngày %(date)s"
    return _("%(hour)s:%(minute)s on %(date)s") % {
        "hour": f"{local:%H}",
        "minute": f"{local:%M}",
        "date": f"{local:%d/%m/%Y}",
    }


def before_words(moment: datetime, *, time_zone: ZoneInfo) -> str:
    """“trước 17 giờ 00 ngày 05/11/2026” in the active language."""
    return _("before %(moment)s") % {"moment": moment_words(moment, time_zone=time_zone)}


def promise_sentence(due: DueTimes, *, time_zone: ZoneInfo) -> str:
    """What happens next and by when, ready to be said or shown, in the active language."""
    forward = _("Your case is passed to the agency in charge %(when)s.") % {
        "when": before_words(due.forward_due, time_zone=time_zone)
    }
    answer = _("You get an answer %(when)s.") % {
        "when": before_words(due.answer_due, time_zone=time_zone)
    }
    if due.news_due is None:
        return f"{forward} {answer}"
    news = _("You get first news %(when)s.") % {
        "when": before_words(due.news_due, time_zone=time_zone)
    }
    return f"{forward} {news} {answer}"
