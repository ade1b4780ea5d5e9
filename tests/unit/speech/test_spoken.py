"""What is written becomes what is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.edges.adapters.speech.spoken import spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Gọi 1022", "Gọi một không hai hai"),
        ("Gọi ngay 115, 114 hoặc 113.", "Gọi ngay một một năm, một một bốn hoặc một một ba."),
        ("số 0901 234 567", "số không chín không một hai ba bốn năm sáu bảy"),
        ("số 028.3822.1234", "số không hai tám ba tám hai hai một hai ba bốn"),
        ("19009095", "một chín không không chín không chín năm"),
        ("12/3 Lê Lợi, P.5, Q.3", "12 xuyệt 3 Lê Lợi, phường 5, quận 3"),
        ("P. Bến Thành, Q. Bình Thạnh", "phường Bến Thành, quận Bình Thạnh"),
        ("TP. Thủ Đức", "thành phố Thủ Đức"),
        ("UBND Quận 1", "Ủy ban nhân dân Quận 1"),
        ("dịch COVID-19", "dịch cô vít"),
        ("Mời ông/bà", "Mời ông bà"),
        ("trước 17 giờ 00 ngày 05/11/2026", "trước 17 giờ ngày 5 tháng 11 năm 2026"),
        ("lúc 7:05", "lúc 7 giờ 5 phút"),
        ("trước 02 giờ 05", "trước 2 giờ 5 phút"),
        ("bấm phím 0", "bấm phím 0"),
        ("trực 24/24", "trực hai mươi bốn trên hai mươi bốn giờ"),
    ],
)
def test_vietnamese_is_read_as_people_read_it(written: str, said: str) -> None:
    assert spoken("vi", written) == said


def test_english_reads_numbers_of_hotlines_digit_by_digit() -> None:
    assert spoken("en", "Call 115 or 1022.") == "Call one one five or one zero two two."


@given(st.sampled_from(["vi", "en", "fr"]), st.text(max_size=80))
def test_any_text_can_be_read(language: str, text: str) -> None:
    said = spoken(language, text)
    assert "\n" not in said
    assert said == said.strip()
