"""An operator listens, with the keyboard alone, and without scripts."""

from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Page, expect

from hotline.domain.cases.models import Case, Stage
from hotline.domain.history.models import Entry
from tests import stories
from tests.browser.conftest import SMALL, WIDE, OpenPage
from tests.browser.staff import arrive, eventually, no_complaints, sealed_call, sign_in
from tests.people import NEIGHBOUR, People


def play_state(page: Page, number: int, *, playing: bool) -> None:
    paused = f"document.querySelectorAll('audio')[{number}].paused"
    eventually(page, f"!{paused}" if playing else paused)


def test_an_operator_hears_and_writes_down_a_call_without_the_mouse(
    open_page: OpenPage, people: People
) -> None:
    case = sealed_call(ago=timedelta(minutes=9))
    sealed_call(number=NEIGHBOUR)
    page = open_page(width=WIDE)
    complaints = no_complaints(page)
    sign_in(page, people.operator)
    page.keyboard.press("l")
    page.wait_for_url("**/desk/listen/")
    page.keyboard.press("n")
    page.wait_for_url(f"**/listen/{case.code}/")

    # The cursor stands in the first field; Esc plays, F2 goes back, while one writes.
    expect(page.locator("#search-place")).to_be_focused()
    page.keyboard.press("Escape")
    play_state(page, 0, playing=True)
    eventually(page, "document.querySelector('audio').currentTime > 0.2")
    page.keyboard.type("vo thi sau")
    page.locator(".candidates").wait_for()
    page.keyboard.press("Escape")
    play_state(page, 0, playing=False)
    page.keyboard.press("F4")
    ahead = page.evaluate("document.querySelector('audio').currentTime")
    page.keyboard.press("F2")
    assert page.evaluate("document.querySelector('audio').currentTime") < ahead

    page.locator(".candidates label", has_text="Quận 3").wait_for()
    page.keyboard.press("Enter")
    expect(page.locator(f"input[value='{stories.HOME}']")).to_be_checked()
    page.locator("#detail-place").press("Tab")
    page.fill("#detail-place", stories.STREET)
    page.locator("#text-details").focus()
    page.keyboard.press("Escape")
    play_state(page, 1, playing=True)
    page.keyboard.type(stories.WORDS)
    page.keyboard.press("Control+Enter")

    arrive(page, "#result")
    done = Case.objects.get(pk=case.pk)
    assert (done.stage, done.place_id is not None) == (Stage.FORWARDED, True)
    assert done.agency is not None
    expect(page.locator("#result")).to_contain_text(done.agency.name["vi"])
    assert Entry.objects.filter(verb="play_recording", actor=people.operator).exists()
    page.keyboard.press("n")
    arrive(page, "#sheet")
    assert case.code not in page.url
    assert complaints == []


def test_single_keys_play_jump_and_change_the_speed_outside_of_fields(
    open_page: OpenPage, people: People
) -> None:
    sealed_call()
    page = open_page()
    sign_in(page, people.operator)
    page.goto("/desk/listen/")
    page.keyboard.press("n")
    arrive(page, "#sheet")
    page.locator("h1").click()
    page.keyboard.press(" ")
    play_state(page, 0, playing=True)
    page.keyboard.press("2")
    play_state(page, 1, playing=True)
    play_state(page, 0, playing=False)
    for _ in range(6):
        page.keyboard.press("]")
    assert page.evaluate("document.querySelectorAll('audio')[1].playbackRate") == 2
    for _ in range(9):
        page.keyboard.press("[")
    assert page.evaluate("document.querySelectorAll('audio')[1].playbackRate") == 0.75
    expect(page.locator("[data-deck-speed]")).to_have_text("0.75×")
    eventually(page, "document.querySelectorAll('audio')[1].duration > 5.9")
    page.reload()
    expect(page.locator("[data-deck-speed]")).to_have_text("0.75×")


@pytest.mark.parametrize("width", [SMALL, WIDE])
def test_the_whole_queue_works_without_scripts(
    open_page: OpenPage, people: People, width: int
) -> None:
    case = sealed_call()
    page = open_page(width=width, scripts=False)
    sign_in(page, people.operator)
    page.goto("/desk/listen/")
    page.locator("form[action$='/listen/next/'] button").click()
    assert page.locator("audio[controls]").count() == 2
    page.fill("#text-details", stories.WORDS)
    page.fill("#search-place", "vo thi sau")
    page.locator("button[name=find]").first.click()
    expect(page.locator("#text-details")).to_have_value(stories.WORDS)
    page.locator(".candidates label", has_text="Quận 3").locator("input").check()
    page.fill("#detail-place", stories.STREET)
    page.locator("#sheet button[data-main]").click()
    arrive(page, "#result")
    assert Case.objects.get(pk=case.pk).stage == Stage.FORWARDED


@pytest.mark.parametrize("width", [SMALL, WIDE])
def test_what_has_the_focus_is_never_under_the_player(
    open_page: OpenPage, people: People, width: int
) -> None:
    sealed_call()
    page = open_page(width=width)
    sign_in(page, people.operator)
    page.goto("/desk/listen/")
    page.locator("[data-key=n]").click()
    arrive(page, "#sheet")
    page.locator("#contact button").focus()
    hidden = []
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        hidden += page.evaluate(
            """() => {
              const focus = document.activeElement, deck = document.getElementById("deck");
              if (deck.contains(focus) || !focus.closest("main")) return [];
              const a = focus.getBoundingClientRect(), b = deck.getBoundingClientRect();
              return a.bottom <= b.bottom && a.top >= b.top ? [focus.outerHTML] : [];
            }"""
        )
    assert hidden == []


def test_a_slip_does_not_throw_away_what_was_written(open_page: OpenPage, people: People) -> None:
    sealed_call()
    page = open_page()
    sign_in(page, people.operator)
    page.goto("/desk/listen/")
    page.keyboard.press("n")
    page.fill("#text-details", "Nửa chừng")
    asked = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("#nav-inbox").click(no_wait_after=True)
    expect(page.locator("#text-details")).to_have_value("Nửa chừng")
    assert asked == ["beforeunload"]
