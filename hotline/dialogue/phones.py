"""Telephone numbers: one canonical form for what people key in, type, or call from.

The library knows the world's plans; for Vietnam it is stricter than reality (it refuses
mobile prefixes that are in use and calls 1022 and 113–115 invalid), so those are known here.
Source of the patterns: the numbering plan in force since 2018.
"""

import re
import unicodedata

import phonenumbers
from phonenumbers import carrier

HOME = "VN"
HOME_CODE = 84
SHORT_CODES = frozenset({"112", "113", "114", "115", "1022"})
"""Numbers that are dialled as they are; nobody's own."""

_WRITTEN = re.compile(r"\+?[0-9 ().\-/]{2,40}")
_MOBILE = re.compile(r"(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}")
_LANDLINE = re.compile(r"2[0-9]{9}")


def normalise(raw: str) -> str | None:
    """E.164 of a number as it was written or keyed in; a short code stays as it is.

    Understood are national numbers (``0901 234 567``), international ones (``+84…``,
    ``0084…``, ``84…`` and other countries with ``+`` or ``00``) with spaces, dots, hyphens and
    brackets. None for everything else, such as ``anonymous``.
    """
    text = unicodedata.normalize("NFKC", raw).strip() if len(raw) <= 64 else ""
    if not _WRITTEN.fullmatch(text):
        return None
    plus, digits = text.startswith("+"), re.sub(r"[^0-9]", "", text)
    mobile = digits.removeprefix(str(HOME_CODE) if plus else "0")
    if mobile != digits and _MOBILE.fullmatch(mobile):  # nearly everybody
        return f"+{HOME_CODE}{mobile}"
    if not plus and digits in SHORT_CODES:
        return digits
    if digits.startswith("00"):
        plus, digits = True, digits[2:]
    if digits.startswith(f"{HOME_CODE}0"):  # "+84 (0)901…" is written often
        plus, digits = True, f"{HOME_CODE}{digits[3:]}"
    number = _parsed(f"+{digits}" if plus else digits)
    if number is None and digits.startswith(str(HOME_CODE)):
        number = _parsed(f"+{digits}")
    if number is None:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_short_code(number: str) -> bool:
    """Whether it is an emergency number or a hotline, where no single person can be reached."""
    return number in SHORT_CODES


def carrier_of(number: str) -> str:
    """Name of the carrier that the number's prefix was given to; empty if unknown. Numbers
    may have moved to another carrier since, which no prefix tells."""
    home, mobile = f"+{HOME_CODE}", number.removeprefix(f"+{HOME_CODE}")
    if number.startswith(home) and _MOBILE.fullmatch(mobile):
        known = phonenumbers.PhoneNumber(country_code=HOME_CODE, national_number=int(mobile))
        return carrier.name_for_valid_number(known, "en")
    parsed = _parsed(number) if number.startswith("+") else None
    return carrier.name_for_number(parsed, "en") if parsed is not None else ""


def national(number: str) -> str:
    """The digits by which somebody in the country dials a canonical number: to be read
    aloud or shown. Only digits: ``0901234567``; ``00`` before another country's code."""
    if not number.startswith("+"):
        return number
    home = f"+{HOME_CODE}"
    if not number.startswith(home):
        return f"00{number[1:]}"
    subscriber = number[len(home) :]
    # 1800 and 1900 numbers are dialled without the zero.
    return subscriber if subscriber.startswith("1") else f"0{subscriber}"


def last_digits(number: str, count: int = 4) -> str:
    """The last digits of a canonical number, by which its owner proves to know it."""
    return re.sub(r"[^0-9]", "", number)[-count:]


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    """A number that can be dialled, or None."""
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == HOME_CODE:
        return number if _is_of_home(number) else None
    return number if phonenumbers.is_possible_number(number) else None


def _is_of_home(number: phonenumbers.PhoneNumber) -> bool:
    subscriber = phonenumbers.national_significant_number(number)
    return bool(
        _MOBILE.fullmatch(subscriber)
        or _LANDLINE.fullmatch(subscriber)
        or phonenumbers.is_valid_number(number)
    )
