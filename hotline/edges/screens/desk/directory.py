"""Whom a caller can be transferred to: emergency numbers, agencies' hotlines, colleagues."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hotline.core.vietnamese import fold
from hotline.dialogue.phones import national, normalise
from hotline.domain.city.model import City
from hotline.domain.workforce import selectors as workforce
from hotline.domain.workforce.models import Operator
from hotline.edges.screens.desk.words import STATES
from hotline.edges.screens.shared.context import say

MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``target`` as an order takes it: ``number:<digits>`` or ``operator:<extension>``.
    ``number`` is empty for colleagues; ``note`` says what kind of target it is."""

    target: str
    name: str
    number: str
    note: str


def search(text: str, *, city: City, operator: Operator) -> list[Entry]:
    """Entries that hold every word of ``text``, whatever the accents; a number that stands in
    no directory can be dialled as it was typed. Whether a line leads there the switchboard
    knows."""
    words = fold(text).split()
    found = [
        entry
        for entry in _entries(city, operator)
        if all(word in fold(f"{entry.name} {entry.number} {entry.note}") for word in words)
    ]
    typed = _typed(text)
    if typed is not None and all(entry.target != typed.target for entry in found):
        found.append(typed)
    return found[:MOST]


def _entries(city: City, operator: Operator) -> Iterable[Entry]:
    seen: set[str] = set()
    for one in city.emergency:
        seen.add(one.number)
        yield _line(one.number, say(one.label), _("emergency"))
    for branch in city.menu.branches:
        if branch.outside_number and branch.outside_number not in seen:
            seen.add(branch.outside_number)
            yield _line(branch.outside_number, say(branch.label), _("outside line"))
    for agency in city.agencies:
        if agency.hotline and agency.hotline not in seen:
            seen.add(agency.hotline)
            yield _line(agency.hotline, say(agency.name), _("hotline of the agency"))
    for colleague in workforce.colleagues_of(operator):
        yield Entry(
            target=f"operator:{colleague.extension}",
            name=colleague.user.display_name,
            number="",
            note=_("colleague, %(state)s") % {"state": STATES[colleague.presence.state]},
        )


def _line(number: str, name: str, note: str) -> Entry:
    digits = "".join(sign for sign in number if sign.isdecimal())
    return Entry(target=f"number:{digits}", name=name, number=number, note=note)


def _typed(text: str) -> Entry | None:
    digits = "".join(sign for sign in text if sign not in " .-()")
    if not (digits.isascii() and digits.isdecimal() and 3 <= len(digits) <= 15):
        return None
    number = normalise(digits)
    return _line(national(number) if number else digits, _("This number"), _("as typed"))
