"""scripts/*.yaml: slots, options, conditions, and what answers become of a case."""

import re
from collections import Counter

from django.utils.translation import gettext as _

from hotline.dialogue.script import Fills, Script, Slot, SlotKind
from hotline.domain.city.shapes import Shapes
from hotline.domain.city.voice import forgotten

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
KIND_OF = {
    Fills.CATEGORY: SlotKind.CHOICE,
    Fills.PLACE: SlotKind.PLACE,
    Fills.DETAILS: SlotKind.TEXT,
    Fills.REPORTER_NAME: SlotKind.TEXT,
    Fills.SUBJECT_NAME: SlotKind.TEXT,
    Fills.REPORTER_PHONE: SlotKind.PHONE,
    Fills.SUBJECT_PHONE: SlotKind.PHONE,
}
LARGEST_NUMBER = 999_999


def check(shapes: Shapes) -> None:
    keys = Counter(script.key for script in shapes.scripts.values())
    for file, script in shapes.scripts.items():
        if keys[script.key] > 1:
            shapes.folder.complain(
                file, ("key",), _("Two scripts have the name “%(key)s”.") % {"key": script.key}
            )
        _check_key(shapes, file, ("key",), script.key)
        _check_category(shapes, file, script)
        _check_used(shapes, file, script)
        if not script.slots:
            shapes.folder.complain(file, ("slots",), _("A script asks at least one thing."))
        _check_fills(shapes, file, script)
        for index, slot in enumerate(script.slots):
            path = ("slots", index)
            _check_key(shapes, file, (*path, "key"), slot.key)
            if any(other.key == slot.key for other in script.slots[:index]):
                shapes.folder.complain(
                    file,
                    (*path, "key"),
                    _("Two questions of this script have the name “%(key)s”.") % {"key": slot.key},
                )
            _check_slot(shapes, file, path, slot)
            _check_condition(shapes, file, path, script, index)


def _check_key(shapes: Shapes, file: str, path: tuple[str | int, ...], key: str) -> None:
    if not KEY.fullmatch(key):
        shapes.folder.complain(
            file,
            path,
            _("“%(name)s” may hold small letters without accents, digits, - and _ only.")
            % {"name": "key"},
        )


def _check_category(shapes: Shapes, file: str, script: Script) -> None:
    known = shapes.category_keys()
    if script.category is not None and known is not None and script.category not in known:
        shapes.folder.complain(file, ("category",), _no_category(script.category))
    filling = [slot for slot in script.slots if slot.fills is Fills.CATEGORY]
    sure = any(slot.required and slot.when is None for slot in filling)
    is_addition = shapes.city is None or shapes.city.menu.addition == script.key
    if script.category is None and not sure and not is_addition:
        shapes.folder.complain(
            file,
            ("key",),
            _(
                "Nothing says what a case of this script is about: give the script a “category”, "
                "or a question that is always asked and “fills: category”."
            ),
        )


def _no_category(key: str) -> str:
    return _("There is no category “%(key)s” in categories.yaml.") % {"key": key}


def _check_used(shapes: Shapes, file: str, script: Script) -> None:
    if shapes.city is None or shapes.branches is None:
        return
    used = {branch.script for branch in shapes.branches.branches} | {shapes.city.menu.addition}
    if script.key not in used:
        shapes.folder.complain(
            file, ("key",), _("No key of the menu leads to this script (branches.yaml).")
        )


def _check_fills(shapes: Shapes, file: str, script: Script) -> None:
    seen: set[Fills] = set()
    for index, slot in enumerate(script.slots):
        path = ("slots", index, "fills")
        wanted = KIND_OF.get(slot.fills)
        if wanted is not None and slot.kind is not wanted:
            shapes.folder.complain(
                file,
                path,
                _("Only a question of the kind “%(kind)s” can fill “%(fills)s”.")
                % {"kind": wanted.value, "fills": slot.fills.value},
            )
        if slot.fills is not Fills.NOTE and slot.fills in seen:
            shapes.folder.complain(
                file,
                path,
                _("Another question of this script fills “%(fills)s” already.")
                % {"fills": slot.fills.value},
            )
        seen.add(slot.fills)


def _check_slot(shapes: Shapes, file: str, path: tuple[str | int, ...], slot: Slot) -> None:
    if slot.kind is SlotKind.CHOICE:
        _check_options(shapes, file, path, slot)
    elif slot.options:
        shapes.folder.complain(
            file, (*path, "options"), _("Only a question of the kind “choice” has options.")
        )
    if slot.kind is SlotKind.NUMBER:
        if slot.minimum > slot.maximum:
            shapes.folder.complain(
                file, (*path, "minimum"), _("The minimum is larger than the maximum.")
            )
        if slot.minimum < 0 or slot.maximum > LARGEST_NUMBER:
            shapes.folder.complain(
                file, path, _("Numbers must lie between 0 and 999999, to be keyed on a phone.")
            )


def _check_options(shapes: Shapes, file: str, path: tuple[str | int, ...], slot: Slot) -> None:
    complain = shapes.folder.complain
    if len(slot.options) < 2:
        complain(file, path, _("A choice needs at least two options."))
    known = shapes.category_keys()
    for index, option in enumerate(slot.options):
        here = (*path, "options", index)
        before = slot.options[:index]
        if not re.fullmatch(r"[0-9]", option.digit):
            complain(file, (*here, "digit"), _("An option's key is one digit, 0 to 9."))
        if any(other.digit == option.digit for other in before):
            complain(
                file,
                (*here, "digit"),
                _("Two options have the key %(key)s.") % {"key": option.digit},
            )
        if any(other.key == option.key for other in before):
            complain(
                file,
                (*here, "key"),
                _("Two options have the name “%(key)s”.") % {"key": option.key},
            )
        _check_key(shapes, file, (*here, "key"), option.key)
        if slot.fills is Fills.CATEGORY and option.category is None:
            complain(file, here, _("This option needs a “category”, since it decides it."))
        if slot.fills is not Fills.CATEGORY and option.category is not None:
            complain(
                file,
                (*here, "category"),
                _("The question needs “fills: category” for its options to have categories."),
            )
        if option.category is not None and known is not None and option.category not in known:
            complain(file, (*here, "category"), _no_category(option.category))
    _check_voice(shapes, file, path, slot)


def _check_voice(shapes: Shapes, file: str, path: tuple[str | int, ...], slot: Slot) -> None:
    digits = [option.digit for option in slot.options]
    for language, digit in forgotten(slot.ask, digits, shapes.languages() or ("vi",)):
        shapes.folder.complain(
            file,
            (*path, "ask", language),
            _("The words for the voice do not say what key %(key)s is for.") % {"key": digit},
        )


def _check_condition(
    shapes: Shapes, file: str, path: tuple[str | int, ...], script: Script, index: int
) -> None:
    condition = script.slots[index].when
    if condition is None:
        return
    complain = shapes.folder.complain
    earlier = {slot.key: slot for slot in script.slots[:index]}
    slot = earlier.get(condition.slot)
    if slot is None:
        complain(
            file,
            (*path, "when"),
            _("“when” must name a question that stands before this one, not “%(slot)s”.")
            % {"slot": condition.slot},
        )
        return
    if slot.kind is not SlotKind.CHOICE:
        complain(file, (*path, "when"), _("“when” must name a question of the kind “choice”."))
        return
    if not condition.among:
        complain(
            file, (*path, "when", "among"), _("This question can never be asked: “among” is empty.")
        )
    for number, among in enumerate(condition.among):
        if slot.option(among) is None:
            complain(
                file,
                (*path, "when", "among", number),
                _("The question “%(slot)s” has no option “%(option)s”.")
                % {"slot": slot.key, "option": among},
            )
