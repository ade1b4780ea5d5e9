"""Who answers in person, when, and how people are rung back: branches.yaml and city.yaml."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hotline.dialogue.script import Branch, Line, Nobody
from hotline.domain.city.hours import span
from hotline.domain.city.shapes import Shapes

CITY = "city.yaml"
BRANCHES = "branches.yaml"
KINDS = ("operator", "volunteer", "expert")
"""Those of ``workforce.OperatorKind``."""
BOUNDS: dict[str, tuple[int, int]] = {
    "wait_s": (0, 3600),
    "ring_s": (5, 60),
    "widen_s": (0, 600),
    "wrap_up_s": (0, 900),
    "every_s": (15, 300),
    "priority": (0, 5),
}
_CALL_BACKS: dict[str, tuple[int, int]] = {"attempts": (1, 20), "every_minutes": (1, 24 * 60)}
Where = tuple[str | int, ...]


def check(shapes: Shapes) -> None:
    for index, branch in enumerate(shapes.branches.branches if shapes.branches else ()):
        if branch.line is not None:
            _check_line(shapes, ("branches", index, "line"), branch, branch.line)
    if shapes.city is not None:
        _check_keys(shapes)
        _check_operator_branch(shapes)
        _check_call_backs(shapes)
        _check_dangers(shapes)


def _check_line(shapes: Shapes, where: Where, branch: Branch, line: Line) -> None:
    complain = shapes.folder.complain
    if branch.script is None:
        complain(BRANCHES, where, _("Only a key that leads to a script can have a “line”."))
    for kind in line.kinds:
        if kind not in KINDS:
            complain(
                BRANCHES,
                (*where, "kinds"),
                _("“%(kind)s” do not exist. Those who answer are: %(kinds)s.")
                % {"kind": kind, "kinds": ", ".join(KINDS)},
            )
    if not line.kinds:
        complain(BRANCHES, (*where, "kinds"), _("Say who answers: %s.") % ", ".join(KINDS))
    _check_hours(shapes, BRANCHES, (*where, "hours"), line.hours)
    _check_bounds(shapes, BRANCHES, where, line, BOUNDS)
    if line.nobody is Nobody.ANNOUNCEMENT and line.closed_words is None:
        complain(
            BRANCHES,
            where,
            _("“nobody: announcement” needs “closed_words”: what the caller hears."),
        )


def _check_hours(shapes: Shapes, file: str, where: Where, hours: Sequence[str]) -> None:
    for index, text in enumerate(hours):
        try:
            first, last = span(text)
        except ValueError:
            pass
        else:
            if first != last:
                continue
        shapes.folder.complain(
            file,
            (*where, index),
            _("Hours are written like 08:00-22:00 (to midnight: 08:00-24:00)."),
        )


def _check_bounds(
    shapes: Shapes, file: str, where: Where, rules: object, bounds: dict[str, tuple[int, int]]
) -> None:
    for name, (least, most) in bounds.items():
        if not least <= getattr(rules, name) <= most:
            shapes.folder.complain(
                file,
                (*where, name),
                _("“%(name)s” must lie between %(least)s and %(most)s.")
                % {"name": name, "least": least, "most": most},
            )


def _check_keys(shapes: Shapes) -> None:
    """The keys that leave the queue: one digit each, and no two the same."""
    if shapes.city is None:
        return
    menu = shapes.city.menu
    keys = {
        "call_back_key": menu.call_back_key,
        "callbot_key": menu.callbot_key,
        "operator_key": menu.operator_key,
    }
    for name in ("call_back_key", "callbot_key"):
        others = [key for other, key in keys.items() if other != name]
        if len(keys[name]) != 1 or not keys[name].isdecimal() or keys[name] in others:
            shapes.folder.complain(
                CITY,
                ("menu", name),
                _("“%(name)s” must be one digit that no other key of the queue has.")
                % {"name": name},
            )


def _check_operator_branch(shapes: Shapes) -> None:
    if shapes.city is None or shapes.branches is None:
        return
    key = shapes.city.menu.operator_branch
    answered = {branch.key for branch in shapes.branches.branches if branch.line is not None}
    if key is not None and key not in answered:
        shapes.folder.complain(
            CITY,
            ("menu", "operator_branch"),
            _("“operator_branch” must be a key of the menu that people answer (“line”)."),
        )


def _check_call_backs(shapes: Shapes) -> None:
    if shapes.city is None:
        return
    rules = shapes.city.call_backs
    _check_bounds(shapes, CITY, ("call_backs",), rules, _CALL_BACKS)
    _check_hours(shapes, CITY, ("call_backs", "hours"), rules.hours)


def _check_dangers(shapes: Shapes) -> None:
    if shapes.city is None:
        return
    known = {emergency.number for emergency in shapes.city.emergency_numbers}
    for index, danger in enumerate(shapes.city.dangers):
        if danger.number not in known:
            shapes.folder.complain(
                CITY,
                ("dangers", index, "number"),
                _("“%(number)s” is not among the emergency numbers.") % {"number": danger.number},
            )
        if not any(words for words in danger.words.values()):
            shapes.folder.complain(
                CITY, ("dangers", index), _("Name at least one word that means danger.")
            )
