"""What is said last."""

from dataclasses import replace

import pytest

from hotline.dialogue.exchange import Keys, Left, Spoke
from hotline.dialogue.farewell import farewell
from hotline.dialogue.phrases import FIXED, PHRASES, phrase
from hotline.dialogue.spoken import spoken_texts
from tests.unit.dialogue.sample import BOOK, MENU, both
from tests.unit.dialogue.talk import CASE, Talk, at_the_read_back, call, keys, sayings

PROMISE = "Hạn trả lời là 17 giờ ngày 05/11/2026."


def last_words(talk: Talk, *, code: str | None, callback: bool, promise: str = "") -> str:
    says = farewell(talk.state, book=BOOK, code=code, callback=callback, promise=promise)
    return sayings(says)


def test_a_complete_report_hears_its_code_twice_what_follows_and_by_when() -> None:
    said = last_words(
        at_the_read_back().hears(Keys("1")), code=CASE, callback=False, promise=PROMISE
    )
    assert said.count(CASE) == 2
    assert said.index(CASE) < said.index("đang được chuyển") < said.index(PROMISE)
    assert said.endswith("Cảm ơn ông/bà. Xin chào.")


def test_who_is_handed_over_hears_at_which_number_somebody_calls_back() -> None:
    said = last_words(call().hears(*keys("211*")), code=CASE, callback=True)
    assert said.count(CASE) == 2
    assert "gọi lại cho ông/bà theo số 0901234567" in said
    assert "đang được chuyển" not in said


def test_without_a_number_nobody_is_promised_a_call_back() -> None:
    said = last_words(call(None).hears(*keys("***"), Keys("")), code=None, callback=False)
    assert "Xin ông/bà gọi lại tổng đài" in said
    assert "theo số" not in said


def test_who_added_to_a_case_hears_that_case() -> None:
    talk = call(known=CASE).hears(*keys("11"), Spoke("r", 2.0), Keys("1"))
    said = last_words(talk, code=CASE, callback=False)
    assert said.startswith("Lời bổ sung của ông/bà đã được ghi vào yêu cầu.")
    assert said.count(CASE) == 2


def test_after_an_outside_number_there_is_only_a_goodbye() -> None:
    said = last_words(call().hears(*keys("12")), code=None, callback=False)
    assert said == "Cảm ơn ông/bà. Xin chào."


def test_who_is_cut_off_hears_that_all_is_kept_and_who_calls_back() -> None:
    said = last_words(call().hears(*keys("211"), Left()), code=CASE, callback=True)
    assert said.startswith("Những điều ông/bà cho biết đã được giữ lại.")
    assert "theo số 0901234567" in said
    nameless = last_words(call(None).hears(Left()), code=None, callback=False)
    assert "Xin ông/bà gọi lại tổng đài" in nameless


def test_before_the_end_there_is_no_farewell() -> None:
    assert last_words(call(), code=CASE, callback=True) == ""


@pytest.mark.parametrize("key", sorted(PHRASES))
@pytest.mark.parametrize("channel", ["voice", "web", "chat", "desk"])
def test_every_phrase_speaks_both_languages_on_every_channel(key: str, channel: str) -> None:
    vietnamese = phrase(key, menu=MENU, language="vi", channel=channel)
    english = phrase(key, menu=MENU, language="en", channel=channel)
    assert vietnamese
    assert english
    assert vietnamese != english


def test_a_city_says_a_phrase_in_its_own_words() -> None:
    menu = replace(MENU, phrases={"goodbye": both("Kính chào.", "Farewell.")})
    assert phrase("goodbye", menu=menu, language="vi", channel="voice") == "Kính chào."
    book = replace(BOOK, menu=menu)
    assert ("vi", "Kính chào.") in spoken_texts(book, ["vi"])
    assert ("vi", "Cảm ơn ông/bà. Xin chào.") not in spoken_texts(book, ["vi"])


def test_the_dialplans_prompts_are_among_the_phrases_and_name_emergencies_first() -> None:
    assert set(FIXED) <= set(PHRASES)
    missed = phrase("missed", menu=MENU, language="vi", channel="voice")
    assert missed.index("115") < missed.index("Xin lỗi")


def test_everything_static_can_be_rendered_before_a_call() -> None:
    texts = spoken_texts(BOOK, ["vi", "en"])
    assert {language for language, _ in texts} == {"vi", "en"}
    for text in ("Nguy hiểm xin gọi 115.", "Đồng ý bấm 1. Không bấm 2.", "Lương thực", "Địa chỉ"):
        assert ("vi", text) in texts
    assert ("vi", "Ở đâu?") not in texts  # only pages ask so
