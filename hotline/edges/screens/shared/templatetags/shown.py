"""How things are written for people: the city's words, times, codes, numbers."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from hotline.dialogue.script import Wording
from hotline.edges.screens.shared import context

register = template.Library()
MOBILE_DIGITS = 10


@register.filter
def said(wording: Wording) -> str:
    """The city's words in the page's language; nothing for no words."""
    return context.say(wording) if wording else ""


@register.filter
def moment(at: datetime | None) -> str:
    """A time as people here write it: ``17 giờ 00 ngày 05/11/2026``; local time of the city."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return gettext("%(hour)s:%(minute)s on %(date)s") % {
        "hour": f"{local:%H}",
        "minute": f"{local:%M}",
        "date": f"{local:%d/%m/%Y}",
    }


@register.filter
def day(at: datetime | None) -> str:
    """``05/11/2026``, local to the city."""
    return "" if at is None else f"{timezone.localtime(at):%d/%m/%Y}"


@register.filter
def in_threes(digits: str) -> str:
    """A code in groups of three, so that it can be read, copied and compared: 123 456 789."""
    return " ".join(digits[i : i + 3] for i in range(0, len(digits), 3))


@register.filter
def phone_number(digits: str) -> str:
    """A mobile number as people write it, 0901 234 567; others as they are."""
    if len(digits) != MOBILE_DIGITS or not digits.startswith("0"):
        return digits
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
