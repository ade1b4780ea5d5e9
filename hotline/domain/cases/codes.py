"""Tracking codes and PINs.

A code has nine digits, since it is spoken digit by digit and keyed in on a phone: eight at
random (the first is not 0) and a check digit after Damm (2004), whose table tells every
single wrong digit and every swap of neighbours. So a mistyped code is told from an unknown one.
"""

import hmac
import secrets

from hotline.domain.people.sealing import keyed_digest

LENGTH = 9
PIN_LENGTH = 6

# Damm's totally anti-symmetric quasigroup of order 10.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def new_code() -> str:
    body = str(secrets.choice(range(10 ** (LENGTH - 2), 10 ** (LENGTH - 1))))
    return body + _remainder(body)


def clean(code: str) -> str:
    """What somebody typed, without spaces, dots and dashes."""
    return "".join(character for character in code if character not in " .-\u00a0").strip()


def well_formed(code: str) -> bool:
    """False for a code that cannot exist: it was mistyped."""
    return (
        len(code) == LENGTH
        and code.isascii()
        and code.isdecimal()
        and code[0] != "0"
        and _remainder(code) == "0"
    )


def pin_of(contact: str) -> str:
    """The PIN that a contact's case is given, six digits. Drawn from the contact's random id
    under the installation's key, so that a form that is posted twice shows the same PIN and
    none is stored."""
    return f"{int.from_bytes(keyed_digest('pin', contact)[:8]) % 10**PIN_LENGTH:0{PIN_LENGTH}d}"


def hash_pin(*, code: str, pin: str) -> str:
    """What is stored of a PIN. Six digits fall to any hash that can be computed without a
    secret, however slow; so it is an HMAC under the installation's key, salted with the code,
    which also keeps the moment when a report is taken fast."""
    return keyed_digest("pin hash", f"{code}:{pin}").hex()


def pin_fits(*, code: str, pin: str, stored: str) -> bool:
    return bool(stored) and hmac.compare_digest(hash_pin(code=code, pin=pin), stored)


def _remainder(digits: str) -> str:
    row = "0"
    for digit in digits:
        row = _DAMM[int(row)][int(digit)]
    return row
