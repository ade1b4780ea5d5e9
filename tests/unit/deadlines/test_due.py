"""What was promised is counted from the receipt and said in the city's own time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import override

from hotline.domain.city.model import Promise
from hotline.domain.deadlines.due import before_words, due_times, moment_words, promise_sentence

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RECEIVED = datetime(2026, 10, 31, 10, 0, tzinfo=UTC)  # 17:00 in the city, a Saturday


def test_terms_run_around_the_clock_from_the_receipt() -> None:
    due = due_times(Promise(forward_minutes=5, news_minutes=30, answer_days=5), RECEIVED)
    assert due.forward_due == RECEIVED + timedelta(minutes=5)
    assert due.news_due == RECEIVED + timedelta(minutes=30)
    assert due.answer_due == RECEIVED + timedelta(days=5)


def test_news_that_were_not_promised_have_no_date() -> None:
    assert due_times(Promise(forward_minutes=5, answer_days=5), RECEIVED).news_due is None


def test_a_moment_is_said_in_the_time_of_the_city() -> None:
    with override("en"):
        assert moment_words(RECEIVED, time_zone=ZONE) == "17:00 on 31/10/2026"
        assert before_words(RECEIVED, time_zone=ZONE) == "before 17:00 on 31/10/2026"


def test_a_moment_after_midnight_is_the_next_day_there() -> None:
    late = datetime(2026, 10, 31, 17, 30, tzinfo=UTC)
    with override("en"):
        assert moment_words(late, time_zone=ZONE) == "00:30 on 01/11/2026"


def test_a_promise_names_each_of_its_terms() -> None:
    with_news = due_times(Promise(forward_minutes=5, news_minutes=30, answer_days=5), RECEIVED)
    without = due_times(Promise(forward_minutes=5, answer_days=5), RECEIVED)
    with override("en"):
        assert promise_sentence(with_news, time_zone=ZONE) == (
            "Your case is passed to the agency in charge before 17:05 on 31/10/2026. "
            "You get first news before 17:30 on 31/10/2026. "
            "You get an answer before 17:00 on 05/11/2026."
        )
        assert "first news" not in promise_sentence(without, time_zone=ZONE)
