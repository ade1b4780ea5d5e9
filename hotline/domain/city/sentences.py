"""What pydantic finds wrong, in a sentence for the person who writes a city's files."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hotline.domain.city.folder import File, Folder

Location = tuple[str | int, ...]

MISSING = gettext_noop("“%(name)s” is missing here.")
STRANGE = gettext_noop(
    "There is no “%(name)s” here. Is it written correctly, and in the right file?"
)
WORDS = gettext_noop("“%(name)s” must be a text, or texts by channel.")
UNUSABLE = gettext_noop("What stands at “%(name)s” cannot be used here.")
_ONE_OF = gettext_noop("“%(name)s” must be one of: %(expected)s.")
_LIST = gettext_noop("“%(name)s” must be a list.")
_NAMES = gettext_noop("“%(name)s” must hold names with values.")
_WHOLE = gettext_noop("“%(name)s” must be a whole number.")
_NUMBER = gettext_noop("“%(name)s” must be a number.")
_TRUE = gettext_noop("“%(name)s” must be true or false.")
_DAY = gettext_noop("“%(name)s” must be a day, like 2021-07-22.")
_TEXT = gettext_noop("“%(name)s” must be a text.")
_KEY = gettext_noop("“%(name)s” may hold small letters without accents, digits, - and _ only.")
_LEAST = gettext_noop("“%(name)s” must be at least %(ge)s.")
_MOST = gettext_noop("“%(name)s” must be at most %(le)s.")

# Kinds of errors as pydantic names them; what is not here is said by UNUSABLE.
SENTENCES: Mapping[str, str] = {
    "missing": MISSING,
    "extra_forbidden": STRANGE,
    "unexpected_keyword_argument": STRANGE,
    "enum": _ONE_OF,
    "literal_error": _ONE_OF,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _NAMES,
    "mapping_type": _NAMES,
    "dataclass_type": _NAMES,
    "model_type": _NAMES,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": _TRUE,
    "bool_parsing": _TRUE,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "string_type": _TEXT,
    "string_pattern_mismatch": _KEY,
    "greater_than_equal": _LEAST,
    "less_than_equal": _MOST,
}
# The errors that ``schema`` raises itself, by their code.
OWN: Mapping[str, str] = {
    "branches": STRANGE,
    "span": gettext_noop("Write working hours like 07:30-11:30."),
    "text_or_phrase": gettext_noop(
        "Name either the “text” or the “phrase” that is recorded, and not both."
    ),
}


def complain_of_shape(
    folder: Folder, file: File, errors: Iterable[Mapping[str, Any]], *, skip: int = 0
) -> None:
    """Adds a problem for each of pydantic's errors, one a place in the file; the first
    ``skip`` names of a location are ours and do not stand in the file."""
    seen: set[Location] = set()
    for error in errors:
        location: Location = tuple(error["loc"])[skip:]
        path = _known(file, location)
        spot = location if error["type"] == "missing" else path
        if spot not in seen:
            seen.add(spot)
            folder.complain(file.name, path, _sentence(error, location, path))


def _known(file: File, location: Location) -> Location:
    """The part of a location that stands in the file; pydantic adds the branches of a union."""
    while location and location not in file.lines:
        location = location[:-1]
    return location


def _sentence(error: Mapping[str, Any], location: Location, path: Location) -> str:
    kind = error["type"]
    context = dict(error.get("ctx", {}))
    name = _name(location if kind == "missing" else path)
    if kind == "value_error":
        code = str(context.get("error"))
        name = "branches" if code == "branches" else name
        return _(OWN.get(code, UNUSABLE)) % {"name": name}
    if kind == "string_type" and len(location) > len(path):
        return _(WORDS) % {"name": name}
    expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
    return _(SENTENCES.get(kind, UNUSABLE)) % {**context, "expected": expected, "name": name}


def _name(location: Location) -> str:
    """The last name of a location; numbers of list items are left out."""
    return next((part for part in reversed(location) if isinstance(part, str)), "")
