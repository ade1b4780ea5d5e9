"""The wallboard keeps itself up to date, and says so when it cannot."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from hotline.domain.nodes.services import beat
from hotline.domain.queue.models import BranchSwitch
from hotline.usecases.switch_branch import switch_branch
from tests import stories
from tests.browser.conftest import SMALL, WIDE, look
from tests.browser.staff import eventually, no_complaints
from tests.browser.wallboard.conftest import BoardOf
from tests.live_plane import LivePlane
from tests.people import CITIZEN, NEIGHBOUR, People
from tests.queueing import call, on_duty, take
from tests.queueing import look as look_at_queue

BIG = 1920
ROW = f"[data-branch='{stories.HARDSHIP}']"


def now() -> datetime:
    return datetime.now(UTC)


def kind(page: Page, wanted: str, *, within_s: float = 15) -> None:
    """Waits until the page says so of its connection: live, slow, lost, out."""
    eventually(
        page,
        f"document.getElementById('link-state').dataset.kind === '{wanted}'",
        within_s=within_s,
    )


def shows(page: Page, selector: str, text: str) -> None:
    eventually(page, f'document.querySelector("{selector}")?.textContent === "{text}"')


def test_what_happens_appears_by_itself(board_of: BoardOf, people: People) -> None:
    page = board_of(people.supervisor)
    complaints = no_complaints(page)
    kind(page, "live")
    on_duty(people.operator, now())
    shows(page, ".person--ready .person__name", people.operator.display_name)
    call(now(), number=CITIZEN)
    shows(page, f"{ROW} [data-is=waiting]", "1")
    shows(page, "[data-sum=waiting]", "1")
    look_at_queue(now(), at_the_desk=[people.operator])
    take(people.operator, now())
    shows(page, f"{ROW} [data-is=talking]", "1")
    shows(page, ".person--busy .person__name", people.operator.display_name)
    shows(page, "[data-is='all.person']", "1")
    shows(page, "[data-is='all.service_level']", "100 %")
    before = page.locator(".person__since").inner_text()
    eventually(page, f'document.querySelector(".person__since").textContent !== "{before}"')
    assert complaints == []


def test_one_click_sends_a_branch_to_the_callbot_and_one_brings_it_back(
    board_of: BoardOf, people: People
) -> None:
    page, other = board_of(people.supervisor), board_of(people.operator)
    complaints = no_complaints(page)
    kind(other, "live")
    page.locator(f"{ROW} [data-switch]").click()
    page.locator(".notice--success").wait_for()
    row = BranchSwitch.objects.get(ended_at=None)
    assert (row.branch, row.to) == (stories.HARDSHIP, "callbot")
    assert timedelta(minutes=29) < row.until - now() < timedelta(minutes=30)
    eventually(other, f'document.querySelector("{ROW}").className === "switched"')
    page.locator(f"{ROW} [data-end]").click()
    eventually(other, f'document.querySelector("{ROW}").className === ""')
    assert not BranchSwitch.objects.filter(ended_at=None).exists()
    assert complaints == []


def test_typing_a_time_chooses_until(board_of: BoardOf, people: People) -> None:
    page = board_of(people.supervisor)
    page.fill("#switch-at", "06:15")
    page.check("input[value=announcement]")
    page.locator(f"{ROW} [data-switch]").click()
    page.locator(".notice--success").wait_for()
    row = BranchSwitch.objects.get(ended_at=None)
    assert row.to == "announcement"
    assert row.until.minute == 15


@pytest.mark.long
def test_a_lost_connection_is_said_and_mended(
    board_of: BoardOf, people: People, plane: LivePlane
) -> None:
    page = board_of(people.supervisor)
    kind(page, "live")
    plane.stop()
    kind(page, "slow")  # the pages answer still: asked every five seconds
    on_duty(people.operator, now())
    shows(page, ".person--ready .person__name", people.operator.display_name)
    plane.start()
    kind(page, "live", within_s=30)

    plane.stop()
    page.context.set_offline(True)
    kind(page, "lost", within_s=30)
    assert page.locator("#board.stale").count() == 1
    look(page, "lost")
    page.context.set_offline(False)
    kind(page, "slow", within_s=30)
    assert page.locator("#board.stale").count() == 0


def test_who_was_signed_out_is_asked_to_sign_in(
    board_of: BoardOf, people: People, plane: LivePlane
) -> None:
    page = board_of(people.operator)
    kind(page, "live")
    page.context.clear_cookies()
    plane.stop()
    kind(page, "out", within_s=30)
    page.locator("#link-state a").click()
    page.locator("#id_login").wait_for()
    assert page.url.endswith("next=/wallboard/")


def test_without_scripts_the_page_shows_all_and_reloads(board_of: BoardOf, people: People) -> None:
    on_duty(people.operator, now())
    call(now(), number=CITIZEN)
    page = board_of(people.supervisor, scripts=False)
    assert page.locator(f"{ROW} [data-is=waiting]").inner_text() == "1"
    assert page.locator(".person--ready").count() == 1
    page.locator(f"{ROW} [data-switch]").click()
    page.locator(".notice--success").wait_for()
    page.locator(f"{ROW} [data-end]").click()
    page.locator(".notice--success").wait_for()


@pytest.mark.parametrize("width", [SMALL, WIDE, BIG])
def test_it_reads_well(board_of: BoardOf, people: People, width: int) -> None:
    for user in (people.operator, people.second_operator):
        on_duty(user, now() - timedelta(seconds=70))
    on_duty(people.supervisor, now(), ready=False)
    call(now() - timedelta(seconds=65), number=CITIZEN)
    look_at_queue(now(), at_the_desk=[people.operator, people.second_operator])
    call(now() - timedelta(seconds=12), number=NEIGHBOUR)
    switch_branch(user=people.supervisor, branch="1", to="announcement", minutes=60, now=now())
    beat(process="switchboard", node="test", now=now())
    beat(process="worker", node="test", now=now() - timedelta(minutes=3))
    for user in (people.supervisor, people.observer):
        page = board_of(user, width=width)
        complaints = no_complaints(page)
        kind(page, "live")
        look(page, f"wallboard-{user.username}")
        assert complaints == []
