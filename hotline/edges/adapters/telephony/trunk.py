"""The way to outside numbers: which may be dialled, and through what.

Nothing may be dialled unless the installation says so (HOTLINE_TRUNK, HOTLINE_TRUNK_ALLOW):
whoever gets hold of a desk must not be able to ring premium numbers abroad.
"""

import re
from dataclasses import dataclass

from django.conf import settings

DEMO = "demo"
_PHONE_HERE = re.compile(r"(?:0|\+84)20000([0-9]{5})")
"""Numbers of the demonstration's exchange that ring a SIP phone on this machine: they have the
shape of a landline's, so that whoever calls under one can be rung back."""
_LOWEST_PORT, _HIGHEST_PORT = 1024, 65535
_DIALLABLE = re.compile(r"\+?[0-9]{2,20}")
_SIGNS = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", ".": ".+", "!": ".*"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """``to``: empty, ``demo`` or the carrier's ``sip:host:port`` (asterisk_sections.py makes the
    endpoint of it). ``allow``: numbers, or Asterisk's patterns such as ``_0[39]XXXXXXXX``.
    ``caller``: the hotline's own number, which those who are called see."""

    to: str = ""
    allow: tuple[str, ...] = ()
    caller: str = "1022"

    @property
    def dials(self) -> bool:
        """Whether anybody outside can be reached at all."""
        return bool(self.to and self.allow)

    def endpoint_for(self, number: str) -> str | None:
        """What Asterisk shall dial to reach ``number``; None if it may not be dialled."""
        if not self.dials or not _DIALLABLE.fullmatch(number):
            return None
        if not any(matches(pattern, number) for pattern in self.allow):
            return None
        if self.to != DEMO:
            return f"PJSIP/{number}@trunk"
        if here := _PHONE_HERE.fullmatch(number):
            port = int(here[1])
            allowed = _LOWEST_PORT <= port <= _HIGHEST_PORT
            return f"PJSIP/exchange/sip:{number}@127.0.0.1:{port}" if allowed else None
        # /n: the line stays what it is called, whatever it is bridged with
        return f"Local/{number}@exchange/n"


def configured() -> Trunk:
    """This installation's."""
    env = settings.ENV
    return Trunk(to=env.trunk, allow=env.trunk_allow, caller=env.trunk_caller)


def endpoint_for(number: str) -> str | None:
    """What Asterisk shall dial to reach ``number``; None if it may not be dialled."""
    return configured().endpoint_for(number)


def matches(pattern: str, number: str) -> bool:
    """Asterisk's patterns: ``_`` begins one; X 0-9, Z 1-9, N 2-9, ``[…]`` one of these, ``.``
    one or more of anything, ``!`` none or more. Without ``_`` the number itself."""
    if not pattern.startswith("_"):
        return pattern == number
    parts = re.findall(r"\[[0-9-]+\]|.", pattern[1:])
    expression = "".join(
        part if part.startswith("[") else _SIGNS.get(part.upper(), re.escape(part))
        for part in parts
    )
    return re.fullmatch(expression, number) is not None


def answer_pitch(number: str) -> int:
    """In Hz: the tone with which the demonstration's exchange answers for this number
    (asterisk/exchange.conf.in); 9990…, 9991… and 9992… do not answer."""
    return 500 + 20 * int(number[-2:])
