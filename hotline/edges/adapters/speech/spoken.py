"""From text as it is written to text as it is said."""

import re
import unicodedata

from hotline.dialogue.digits import DIGIT_WORDS

_VIETNAMESE = (
    (re.compile(r"\bCOVID(?:-19)?\b", re.IGNORECASE), "cô vít"),
    (re.compile(r"\bUBND\b"), "Ủy ban nhân dân"),
    (re.compile(r"\bHĐND\b"), "Hội đồng nhân dân"),
    (re.compile(r"\bLĐ-?TB(?:&|và)XH\b"), "Lao động, Thương binh và Xã hội"),
    (re.compile(r"\bTP\.?\s+(?=\w)"), "thành phố "),
    (re.compile(r"\bQ\.?\s?(?=\d)|\bQ\.\s?(?=\w)"), "quận "),
    (re.compile(r"\bP\.?\s?(?=\d)|\bP\.\s?(?=\w)"), "phường "),
    (re.compile(r"\bH\.\s?(?=\w)"), "huyện "),
    (re.compile(r"\bTX\.\s?(?=\w)"), "thị xã "),
    (re.compile(r"\bĐT\b|\bSĐT\b"), "điện thoại"),
    (re.compile(r"ông/bà"), "ông bà"),
    (re.compile(r"Ông/bà"), "Ông bà"),
    (re.compile(r"\b24/24\b"), "hai mươi bốn trên hai mươi bốn giờ"),
    (re.compile(r"\b24/7\b"), "suốt ngày đêm"),
)
_DATE = re.compile(r"(ngày\s+)?\b(\d{1,2})/(\d{1,2})/(\d{4})\b", re.IGNORECASE)
_HOURS = re.compile(r"\b(\d{1,2})(?: giờ |:)00\b")
_TIME = re.compile(r"\b(\d{1,2})(?: giờ |:)(\d{2})\b")
_ALLEY = re.compile(r"(?<=\d)/(?=\d)")
# Numbers that are names: short codes, what begins with 0, and telephone numbers in groups.
_CODE = re.compile(r"\b(?:1022|11[1-5]|1900\d{4,6}|1800\d{4,6}|0\d{2,}|\d{7,})\b|(?<=\+)\d+")
_GROUPED = re.compile(r"\b0\d{1,3}(?:[. ]\d{3,4}){2,3}\b")


def spoken(language: str, text: str) -> str:
    """Text for the synthesiser: abbreviations in full, telephone numbers digit by digit."""
    text = unicodedata.normalize("NFC", text)
    text = _GROUPED.sub(lambda found: re.sub(r"\D", "", found.group()), text)
    text = _vietnamese(text) if language == "vi" else re.sub(r"\bCOVID\b", "Covid", text)
    digits = DIGIT_WORDS.get(language, DIGIT_WORDS["en"])
    text = _CODE.sub(lambda found: one_by_one(digits, found.group()), text)
    return re.sub(r"\s+", " ", text.replace("+", " ")).strip()


def _vietnamese(text: str) -> str:
    for pattern, words in _VIETNAMESE:
        text = pattern.sub(words, text)
    text = _DATE.sub(_date, text)
    text = _HOURS.sub(lambda found: f"{int(found[1])} giờ", text)
    text = _TIME.sub(lambda found: f"{int(found[1])} giờ {int(found[2])} phút", text)
    return _ALLEY.sub(" xuyệt ", text)


def _date(found: re.Match[str]) -> str:
    return f"ngày {int(found[2])} tháng {int(found[3])} năm {found[4]}"


def one_by_one(digits: tuple[str, ...], number: str) -> str:
    """``115`` as “một một năm”."""
    return " ".join(digits[int(digit)] for digit in number)
