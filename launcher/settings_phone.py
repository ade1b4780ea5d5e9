"""The settings of the line: what is answered, and the way out to other numbers."""

import re
from collections.abc import Mapping

from launcher.asterisk_sections import DEMO, Trunk
from launcher.errors import NotPossibleError

NONE = "none"
EVERYTHING = "_X. _+X."
PATTERN = re.compile(r"(s|[0-9*#+]{1,24}|_[0-9XZN.!*#+\[\]-]{1,24})")
_CARRIER = re.compile(r"sip:[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_NUMBER = re.compile(r"\+?[0-9]{2,20}")
# what goes into a file of Asterisk must not end the line or begin a comment there
_PLAIN = re.compile(r"[^\s;\[\]\\]*")


def trunk(text: Mapping[str, str], *, demo: bool) -> Trunk:
    """Raises NotPossibleError. Nothing given: the built-in exchange in a demonstration, no way
    out otherwise."""
    to = text["HOTLINE_TRUNK"] or (DEMO if demo else "")
    if to == NONE:
        to = ""
    if to not in {"", DEMO} and not _CARRIER.fullmatch(to):
        raise NotPossibleError(
            f"HOTLINE_TRUNK must be none, demo or like sip:sip.carrier.example:5060, not {to!r}"
        )
    for name in ("HOTLINE_TRUNK_USER", "HOTLINE_TRUNK_PASSWORD"):
        if not _PLAIN.fullmatch(text[name]):
            raise NotPossibleError(f"{name} must not hold spaces, brackets, semicolons or \\")
    caller = text["HOTLINE_TRUNK_CALLER"]
    if not _NUMBER.fullmatch(caller):
        raise NotPossibleError(f"HOTLINE_TRUNK_CALLER must be a number, not {caller!r}")
    return Trunk(
        to=to,
        user=text["HOTLINE_TRUNK_USER"],
        password=text["HOTLINE_TRUNK_PASSWORD"],
        caller=caller,
    )


def allow(text: Mapping[str, str], trunk: Trunk) -> tuple[str, ...]:
    """What may be dialled. Raises NotPossibleError."""
    given = text["HOTLINE_TRUNK_ALLOW"] or (EVERYTHING if trunk.to == DEMO else "")
    patterns = tuple(given.split())
    for pattern in patterns:
        if not PATTERN.fullmatch(pattern):
            raise NotPossibleError(
                "HOTLINE_TRUNK_ALLOW takes numbers or Asterisk patterns such as "
                f"_0[35789]XXXXXXXX, not {pattern!r}"
            )
    if trunk.to and not patterns:
        raise NotPossibleError(
            "HOTLINE_TRUNK_ALLOW must name the numbers that may be dialled, e.g. "
            "115 _0[35789]XXXXXXXX; without it HOTLINE_TRUNK reaches nobody"
        )
    return patterns if trunk.to else ()


def dialled(value: str) -> tuple[str, ...]:
    """The numbers that are answered. Raises NotPossibleError."""
    patterns = tuple(value.split())
    for pattern in patterns:
        if not PATTERN.fullmatch(pattern):
            raise NotPossibleError(
                f"HOTLINE_DIALLED takes numbers or Asterisk patterns such as _X., not {pattern!r}"
            )
    if not patterns:
        raise NotPossibleError("HOTLINE_DIALLED must name at least one number")
    return patterns
