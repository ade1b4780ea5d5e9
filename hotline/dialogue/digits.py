"""The words of single digits, by language: how codes and telephone numbers are said."""

from collections.abc import Mapping

DIGIT_WORDS: Mapping[str, tuple[str, ...]] = {
    "vi": ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
