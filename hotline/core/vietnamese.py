"""Vietnamese text: composed form, folding for search, the order of the alphabet."""

import re
import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACE = {letter: f"{index:02d}" for index, letter in enumerate(_ALPHABET, start=10)}
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_NUMBER = re.compile(r"\d+")


def nfc(text: str) -> str:
    """Composed form, so that text typed on any keyboard compares equal."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case without any mark: “Hòa Bình” and “hoà bình” become “hoa binh”. The database
    does the same in ``hotline_fold``."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text)
        if not "\u0300" <= letter <= "\u036f"
    )
    return bare.replace("đ", "d").replace("Đ", "D").lower()


def accented(text: str) -> str:
    """Lower case with the tone moved to the end of its word, so that ``hòa`` and ``hoà``
    are the same while ``hoa`` is another word."""
    return " ".join(_word(word)[1] for word in nfc(text).lower().split())


def _word(word: str) -> tuple[str, str]:
    """The tone of a word (a digit, or nothing) and the word with the tone at its end."""
    tone = ""
    letters = []
    for letter in unicodedata.normalize("NFD", word):
        if letter in _TONES:
            tone = _TONES[letter]
        else:
            letters.append(letter)
    return tone, nfc("".join(letters)) + tone


def sort_key(text: str) -> str:
    """ASCII that sorts as the Vietnamese alphabet does, numbers by value (“Phường 2” before
    “Phường 10”), tones only where the letters are equal."""
    letters: list[str] = []
    tones: list[str] = []
    for word in nfc(text).lower().split():
        tone, toned = _word(word)
        bare = toned[: len(toned) - len(tone)] if tone else toned
        padded = _NUMBER.sub(lambda number: number.group().zfill(6), bare)
        letters.append("".join(_PLACE.get(letter, _other(letter)) for letter in padded))
        tones.append(tone or "1")
    return f"{' '.join(letters)}|{''.join(tones)}"


def _other(letter: str) -> str:
    return letter if letter.isdecimal() and letter.isascii() else "00"
