"""A whole report in a real browser: without scripts on a small screen, with them on a wide
one, with the keyboard alone; back and forward with the browser's own buttons."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from hotline.domain.cases.models import Case
from tests.browser.conftest import SMALL, WIDE, OpenPage
from tests.browser.portal import walking
from tests.edges.portal.paper import photo
from tests.people import CITIZEN
from tests.stories import HOME, HOME_AGENCY, STREET, WORDS


@pytest.mark.parametrize(("width", "scripts"), [(SMALL, False), (WIDE, True)])
def test_a_report_becomes_a_case_at_its_agency(
    open_page: OpenPage, width: int, scripts: bool
) -> None:
    page = open_page(width=width, scripts=scripts)
    code = walking.report(page, scripts=scripts)
    case = Case.objects.get(code=code)
    assert case.complete
    assert case.place is not None
    assert case.place.code == HOME
    assert case.agency is not None
    assert case.agency.code == HOME_AGENCY

    page.locator("main .buttons a").click()
    expect(page.locator("main h1")).to_contain_text(code[:3])
    page.fill("#answer", "Thêm: có người già trong nhà.")
    page.locator("form.panel button").click()
    expect(page.locator(".talk__line--mine")).to_contain_text("có người già")


def test_the_browsers_own_back_and_forward_lose_nothing(open_page: OpenPage) -> None:
    page = open_page(width=SMALL)
    walking.agree(page)
    walking.pick(page, "necessities")
    walking.pick(page, "self")
    walking.write(page, "4")
    walking.find_place(page, scripts=True)
    walking.go(page)
    expect(page).to_have_url(re.compile("/ask/details/"))
    page.go_back()
    page.go_back()
    expect(page.locator("#answer")).to_have_value("4")
    walking.write(page, "6")
    expect(page).to_have_url(re.compile("/ask/place/"))
    expect(page.locator("input[name=place]:checked")).to_have_value(HOME)
    expect(page.locator("#detail")).to_have_value(STREET)
    walking.go(page)
    walking.write(page, WORDS)
    walking.go(page)
    walking.write(page, CITIZEN)
    expect(page.locator("dl.summary")).to_contain_text("6")


def test_photos_go_up_and_the_place_is_asked_about(open_page: OpenPage) -> None:
    page = open_page(width=SMALL, scripts=False)
    walking.agree(page, "0")
    while not page.url.endswith("/photos/"):
        _answer_anything(page)
    file = photo("a.jpg", located=True, size=(900, 600))
    page.set_input_files(
        "#answer", [FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=file.read())]
    )
    walking.go(page)
    shown = page.locator(".photo img")
    expect(shown).to_have_count(1)
    response = page.request.get(shown.get_attribute("src") or "")
    assert response.headers["content-type"] == "image/jpeg"
    page.locator("button[value=keep-location]").click()
    expect(page.locator("button[value=keep-location]")).to_have_count(0)
    walking.go(page)
    expect(page).not_to_have_url(re.compile("/photos/"))


@pytest.mark.parametrize("scripts", [False, True])
def test_a_double_click_sends_once_and_shows_one_code(open_page: OpenPage, scripts: bool) -> None:
    page = open_page(scripts=scripts)
    walking.to_check(page, scripts=scripts)
    page.locator("button[value=send]").dblclick()
    expect(page).to_have_url(re.compile("/sent/"))
    assert walking.code_on(page) == Case.objects.get().code


def test_after_closing_the_back_button_shows_neither_code_nor_pin(open_page: OpenPage) -> None:
    page = open_page()
    code = walking.report(page)
    page.locator("main form button.link").click()
    expect(page.locator(".hero")).to_be_visible()
    page.go_back()
    expect(page.locator("main")).not_to_contain_text(code[:3])
    expect(page.locator(".code")).to_have_count(0)


def test_everything_can_be_done_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/report/2/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    _tab_to(page, "#answer")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    for choice in ("need", "for_whom"):
        expect(page).to_have_url(re.compile(f"/ask/{choice}/"))
        _tab_to(page, "input[type=radio]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/ask/household/"))
    _tab_to(page, "#answer")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/ask/place/"))
    _tab_to(page, "#answer")
    page.keyboard.type("phuong vo thi sau quan 3")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=place]:checked")).to_have_value(HOME)
    _tab_to(page, "#detail")
    page.keyboard.type("12 Lê Lợi")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/ask/details/"))
    _tab_to(page, "#answer")
    page.keyboard.type("Hết gạo")
    _tab_to(page, "button[value=go]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/photos/"))
    _tab_to(page, "button[value=go]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/ask/reporter_phone/"))
    _tab_to(page, "#answer")
    page.keyboard.type(CITIZEN)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/check/"))
    _tab_to(page, "button[value=send]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sent/"))
    assert Case.objects.get().complete


def test_an_error_leads_to_its_field_and_the_counter_counts(open_page: OpenPage) -> None:
    page = open_page(width=SMALL)
    walking.agree(page)
    walking.pick(page, "necessities")
    walking.pick(page, "self")
    walking.write(page, "nhiều")
    page.locator(".errors a").click()
    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator("#answer")).to_have_value("nhiều")
    walking.write(page, "4")
    walking.find_place(page, scripts=True)
    walking.go(page)
    page.fill("#answer", "a" * 4001)
    expect(page.locator(".counter--over")).to_contain_text("1")
    walking.go(page)
    expect(page.locator("#answer")).to_have_value("a" * 4001)


def _answer_anything(page: Page) -> None:
    """The first choice, or some words, or a place."""
    if page.locator("input[type=radio]").count():
        page.locator("input[type=radio]").first.check()
    elif page.locator("#detail").count():
        return _place_and_go(page)
    else:
        page.fill("#answer", "12")
    walking.go(page)
    return None


def _place_and_go(page: Page) -> None:
    walking.find_place(page, scripts=False)
    walking.go(page)


def _tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the focus is there, and sees that it can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            seen = page.evaluate(
                """() => {
                  const at = document.activeElement.closest(".choice") || document.activeElement;
                  return getComputedStyle(at).outlineStyle;
                }"""
            )
            assert seen == "solid", f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"Tab never came to {selector}")
