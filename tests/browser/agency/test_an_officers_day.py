"""An officer's work in a real browser, small and wide."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from hotline.dialogue.exchange import Typed
from hotline.domain.cases.models import Case, Stage
from hotline.usecases.forward_case import forward_case
from tests import stories
from tests.browser.conftest import SMALL, WIDE, OpenPage, look
from tests.browser.staff import arrive, no_complaints, sign_in
from tests.people import CITIZEN, NEIGHBOUR, People


@pytest.mark.parametrize("width", [SMALL, WIDE])
def test_from_the_list_to_the_final_answer(open_page: OpenPage, people: People, width: int) -> None:
    now = datetime.now(UTC)
    page = open_page(width=width)
    complaints = no_complaints(page)
    sign_in(page, people.officer)
    look(page, "agency-empty")
    stories.web_report(now - timedelta(hours=2), reporter_phone=Typed(NEIGHBOUR))
    case = stories.web_report(now)
    page.reload()
    look(page, "agency-list")
    page.locator(f"#row-{case.code}").click()
    expect(page.locator("#contact button")).to_have_count(0)
    look(page, "agency-case-new")
    page.locator("form[action$='/accept/'] button").click()
    arrive(page, ".notice--success")
    page.locator("#contact button").click()
    expect(page.locator("#contact a")).to_have_attribute("href", f"tel:+84{CITIZEN[1:]}")
    look(page, "agency-case-accepted")
    for verb, text in (("ask", "Có mấy cháu nhỏ?"), ("resolve", "Đã giao gạo và sữa.")):
        page.locator(f"form[action$='/{verb}/']").locator("xpath=../summary").click()
        page.fill(f"#text-{verb}", text)
        look(page, f"agency-{verb}")
        page.locator(f"form[action$='/{verb}/'] [data-main]").click()
        arrive(page, ".notice--success")
    look(page, "agency-resolved")
    assert Case.objects.get(pk=case.pk).stage == Stage.RESOLVED
    assert complaints == []


@pytest.mark.parametrize("width", [SMALL, WIDE])
def test_words_for_a_case_that_has_left_stay_on_the_page(
    open_page: OpenPage, people: People, width: int
) -> None:
    now = datetime.now(UTC)
    case = stories.web_report(now)
    page = open_page(width=width)
    sign_in(page, people.officer)
    page.goto(f"/agency/case/{case.code}/")
    page.keyboard.press("a")
    arrive(page, ".notice--success")
    page.keyboard.press("a")
    page.fill("#text-answer", "Chiều nay có người đến.")
    forward_case(
        user=people.operator,
        case=case.code,
        seen_version=Case.objects.get(pk=case.pk).version,
        agency=stories.OTHER_AGENCY,
        reason="Người này đang ở quận bên.",
        now=now,
    )
    page.locator("#text-answer").press("Control+Enter")
    expect(page.locator("#kept")).to_have_value("Chiều nay có người đến.")
    look(page, "agency-gone")
