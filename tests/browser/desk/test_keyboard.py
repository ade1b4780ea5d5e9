"""Keys of the list, and two operators on one case."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from hotline.dialogue.exchange import Typed
from hotline.domain.cases.models import Case
from tests import stories
from tests.browser.conftest import OpenPage
from tests.browser.staff import arrive, no_complaints, sign_in
from tests.people import NEIGHBOUR, People


def two_reports() -> tuple[Case, Case]:
    now = datetime.now(UTC)
    first = stories.web_report(now - timedelta(minutes=9))
    return first, stories.web_report(now, reporter_phone=Typed(NEIGHBOUR))


def test_the_list_is_walked_by_j_and_k_and_opened_by_enter(
    open_page: OpenPage, people: People
) -> None:
    first, second = two_reports()
    page = open_page()
    complaints = no_complaints(page)
    sign_in(page, people.operator)
    page.goto("/desk/?tab=forwarded")
    page.keyboard.press("j")
    expect(page.locator(f"#row-{first.code}")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f"#row-{second.code}")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case/{first.code}/")
    page.keyboard.press("/")
    expect(page.locator("#find-code")).to_be_focused()
    page.keyboard.type(second.code)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case/{second.code}/")
    assert complaints == []


def test_help_opens_by_a_question_mark_and_single_keys_can_be_switched_off(
    open_page: OpenPage, people: People
) -> None:
    two_reports()
    page = open_page()
    sign_in(page, people.operator)
    page.goto("/desk/?tab=all")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.dataset.row") is None
    page.reload()
    page.keyboard.press("l")
    page.keyboard.press("j")
    assert "/desk/?tab=all" in page.url
    page.locator("[data-opens=keys]").click()
    page.locator("[data-keys-switch]").check()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.dataset.row") == ""


def test_the_list_learns_by_itself_that_something_came(open_page: OpenPage, people: People) -> None:
    page = open_page()
    page.clock.install()
    sign_in(page, people.operator)
    page.goto("/desk/?tab=forwarded")
    two_reports()
    page.clock.fast_forward(21_000)
    page.locator(".changed a").wait_for()
    page.keyboard.press("r")
    page.locator("[data-row]").nth(1).wait_for()


def test_the_second_of_two_operators_sees_the_first_ones_words_and_loses_none(
    open_page: OpenPage, people: People
) -> None:
    case, _other = two_reports()
    browsers = []
    for user in (people.operator, people.second_operator):
        page = open_page()
        sign_in(page, user)
        page.goto(f"/desk/case/{case.code}/")
        page.keyboard.press("n")
        expect(page.locator("#text-note")).to_be_focused()
        page.keyboard.type(f"Lời của {user.username}")
        browsers.append(page)
    first, second = browsers
    first.keyboard.press("Control+Enter")
    arrive(first, ".notice--success")
    second.keyboard.press("Control+Enter")

    arrive(second, "#stale")
    expect(second.locator("#stale")).to_be_focused()
    expect(second.locator("#stale blockquote")).to_have_text(f"Lời của {people.operator.username}")
    mine = f"Lời của {people.second_operator.username}"
    expect(second.locator("#text-note")).to_have_value(mine)
    assert case.events.filter(kind="noted").count() == 1
    second.locator("#text-note").press("Control+Enter")
    arrive(second, ".notice--success")
    assert case.events.filter(kind="noted").count() == 2


def test_the_contact_opens_in_its_place_on_the_page(open_page: OpenPage, people: People) -> None:
    case, _other = two_reports()
    page = open_page()
    sign_in(page, people.operator)
    page.goto(f"/desk/case/{case.code}/")
    page.keyboard.press("n")
    page.keyboard.type("Đang viết dở")
    page.locator("#contact button").click()
    page.locator("#contact a[href^='tel:']").wait_for()
    expect(page.locator("#text-note")).to_have_value("Đang viết dở")
