"""city.yaml and branches.yaml: the front door, its keys and its limits."""

import re
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from hotline.dialogue.phrases import PHRASES
from hotline.dialogue.script import Limits, Wording
from hotline.domain.city.shapes import Shapes
from hotline.domain.city.voice import forgotten

CITY = "city.yaml"
BRANCHES = "branches.yaml"
KEYS = frozenset("0123456789*")
TAKEN = frozenset("12")  # yes and no to consent, right and wrong at the read-back
NUMBER = re.compile(r"\+?\d{3,15}")
LANGUAGE = re.compile(r"[a-z]{2}")
BOUNDS: dict[str, tuple[float, float]] = {
    "repeats": (0, 5),
    "first_key_s": (2, 30),
    "next_key_s": (1, 15),
    "speech_max_s": (60, 600),  # people may speak freely for a minute at least
    "speech_silence_s": (1, 10),
    "call_max_s": (120, 7200),
}


def check(shapes: Shapes) -> None:
    _check_city(shapes)
    _check_limits(shapes)
    _check_menu_words(shapes)
    _check_operator_key(shapes)
    _check_branches(shapes)


def _check_city(shapes: Shapes) -> None:
    city, folder = shapes.city, shapes.folder
    if city is None:
        return
    if city.name != folder.name:
        folder.complain(
            CITY,
            ("name",),
            _("The name must be that of the folder: “%(name)s”.") % {"name": folder.name},
        )
    _check_languages(shapes, city.languages)
    if city.time_zone not in available_timezones():
        folder.complain(
            CITY, ("time_zone",), _("There is no such time zone. For Vietnam: Asia/Ho_Chi_Minh.")
        )
    if not city.emergency_numbers:
        folder.complain(CITY, ("emergency_numbers",), _("Name at least one emergency number."))
    for index, emergency in enumerate(city.emergency_numbers):
        _check_number(shapes, CITY, ("emergency_numbers", index, "number"), emergency.number)
    _check_number(shapes, CITY, ("contact", "phone"), city.contact.phone)
    for key in city.menu.phrases:
        if key not in PHRASES:
            folder.complain(
                CITY,
                ("menu", "phrases", key),
                _("The system has no phrase of the name “%(key)s”.") % {"key": key},
            )


def _check_languages(shapes: Shapes, languages: tuple[str, ...]) -> None:
    complain = shapes.folder.complain
    if "vi" not in languages:
        complain(CITY, ("languages",), _("Vietnamese (vi) must be among the languages."))
    for index, language in enumerate(languages):
        if not LANGUAGE.fullmatch(language):
            complain(
                CITY, ("languages", index), _("A language is written with two letters, like vi.")
            )
        if language in languages[:index]:
            complain(CITY, ("languages", index), _("This language stands here twice."))


def _check_number(shapes: Shapes, file: str, path: tuple[str | int, ...], number: str) -> None:
    if not NUMBER.fullmatch(number):
        shapes.folder.complain(
            file, path, _("A telephone number holds 3 to 15 digits and nothing else.")
        )


def _check_limits(shapes: Shapes) -> None:
    if shapes.city is None:
        return
    limits: Limits = shapes.city.menu.limits
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(limits, name) <= most:
            shapes.folder.complain(
                CITY,
                ("menu", "limits", name),
                _("“%(name)s” must lie between %(least)s and %(most)s.")
                % {"name": name, "least": f"{least:g}", "most": f"{most:g}"},
            )


def _check_menu_words(shapes: Shapes) -> None:
    """What the voice offers must name the keys to press."""
    if shapes.city is None:
        return
    menu = shapes.city.menu
    keys = [branch.key for branch in shapes.branches.branches] if shapes.branches else []
    asked: tuple[tuple[str, Wording, list[str]], ...] = (
        ("prompt", menu.prompt, keys),
        ("consent", menu.consent, ["1", "2"]),
    )
    for name, wording, digits in asked:
        for language, digit in forgotten(wording, digits, shapes.city.languages):
            shapes.folder.complain(
                CITY,
                ("menu", name, language),
                _("The words for the voice do not say what key %(key)s is for.") % {"key": digit},
            )
    scripts = shapes.script_keys()
    if scripts is not None and menu.addition not in scripts:
        shapes.folder.complain(CITY, ("menu", "addition"), _no_script(menu.addition))


def _no_script(key: str) -> str:
    return _("There is no script “%(key)s” in the folder scripts.") % {"key": key}


def _check_operator_key(shapes: Shapes) -> None:
    if shapes.city is None:
        return
    key = shapes.city.menu.operator_key
    where = ("menu", "operator_key")
    complain = shapes.folder.complain
    if key not in KEYS:
        complain(CITY, where, _("The operator key must be one key: 0 to 9, or *. # ends an input."))
    elif key in TAKEN:
        complain(CITY, where, _("Keys 1 and 2 answer yes and no; choose another operator key."))
    elif shapes.branches and any(branch.key == key for branch in shapes.branches.branches):
        complain(CITY, where, _("The operator key is also a key of the menu (branches.yaml)."))
    for script in shapes.scripts.values():
        for slot in script.slots:
            if any(option.digit == key for option in slot.options):
                complain(
                    CITY,
                    where,
                    _("The operator key is also an answer in the script “%(script)s”.")
                    % {"script": script.key},
                )


def _check_branches(shapes: Shapes) -> None:
    if shapes.branches is None:
        return
    seen: set[str] = set()
    scripts = shapes.script_keys()
    complain = shapes.folder.complain
    if not shapes.branches.branches:
        complain(BRANCHES, ("branches",), _("The menu needs at least one key."))
    for index, branch in enumerate(shapes.branches.branches):
        path = ("branches", index)
        if branch.key not in KEYS - {"*"}:
            complain(BRANCHES, (*path, "key"), _("A key of the menu is one digit, 0 to 9."))
        if branch.key in seen:
            complain(
                BRANCHES,
                (*path, "key"),
                _("Key %(key)s stands here twice.") % {"key": branch.key},
            )
        seen.add(branch.key)
        if (branch.script is None) == (branch.outside_number is None):
            complain(
                BRANCHES, path, _("A key leads either to a “script” or to an “outside_number”.")
            )
        if branch.script is not None and scripts is not None and branch.script not in scripts:
            complain(BRANCHES, (*path, "script"), _no_script(branch.script))
        if branch.outside_number is not None:
            _check_number(shapes, BRANCHES, (*path, "outside_number"), branch.outside_number)
            if branch.announcement is None:
                complain(BRANCHES, path, _("A key with an outside number needs an “announcement”."))
