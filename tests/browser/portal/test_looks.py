"""Every citizens' page and state: axe finds nothing, nothing sticks out, targets are large."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import FilePayload, Page

from hotline.domain.cases.models import Case
from hotline.usecases.accept_case import accept_case
from hotline.usecases.ask_citizen import ask_citizen
from tests.browser.conftest import SMALL, WIDE, OpenPage, look
from tests.browser.portal import walking
from tests.edges.portal.paper import photo
from tests.people import CITIZEN, People

SCREENS = [(SMALL, "vi"), (WIDE, "en")]


@pytest.fixture(params=SCREENS, ids=["small-vi", "wide-en"])
def screen(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    width, language = request.param
    return open_page(width=width, language=language)


def test_the_pages_of_a_report(screen: Page) -> None:
    screen.goto("/")
    look(screen, "home")
    screen.goto("/report/2/")
    look(screen, "start")
    walking.report(screen, look=lambda name: look(screen, name))


def test_the_pages_of_mistakes(screen: Page) -> None:
    screen.goto("/report/2/")
    screen.locator("main form button").click()
    look(screen, "start-refused")
    walking.agree(screen)
    walking.go(screen)
    look(screen, "choice-refused")
    walking.pick(screen, "necessities")
    walking.pick(screen, "other")
    walking.write(screen, "many")
    look(screen, "number-refused")
    walking.write(screen, "4")
    walking.go(screen)
    look(screen, "place-refused")
    screen.fill("#answer", "zzzz")
    screen.locator("#places .notice").wait_for()
    look(screen, "place-in-vain")
    screen.locator("summary").click()
    screen.select_option("#district", index=3)
    screen.locator("button[value=browse]").click()
    screen.select_option("#ward", index=2)
    look(screen, "place-lists")
    walking.go(screen)
    walking.write(screen, "x" * 4001)
    look(screen, "text-refused")
    walking.write(screen, "x" * 4000)
    files = [("a.jpg", photo(located=True, size=(900, 600)).read()), ("b.jpg", b"no photo")]
    screen.set_input_files(
        "#answer", [FilePayload(name=name, mimeType="image/jpeg", buffer=b) for name, b in files]
    )
    walking.go(screen)
    look(screen, "photos-refused")
    screen.locator("button[value=keep-location]").click()
    look(screen, "photos-kept")
    walking.go(screen)
    look(screen, "optional")
    screen.locator("button[value=skip]").click()
    walking.write(screen, "123")
    look(screen, "phone-refused")
    walking.write(screen, CITIZEN)
    screen.locator(".summary a").first.click()
    look(screen, "change")
    screen.goto("/report/2/")
    look(screen, "under-way")
    screen.goto("/report/2/check/")
    screen.context.clear_cookies()
    screen.locator("button[value=send]").click()
    look(screen, "session-gone")


def test_the_pages_of_tracking(screen: Page, people: People) -> None:
    code = walking.report(screen)
    _ask(code, people)
    screen.goto(f"/track/{code}/")
    look(screen, "opened")
    screen.locator("form.panel button").click()
    look(screen, "words-refused")
    screen.locator("form[action$='/close/'] button").click()
    look(screen, "tracked")
    screen.fill("#answer", "0000")
    screen.locator("section.panel button").click()
    look(screen, "proof-refused")
    screen.goto("/track/")
    look(screen, "find")
    screen.locator("summary").click()
    look(screen, "find-help")
    screen.goto("/track/?code=123")
    look(screen, "find-refused")
    screen.goto("/no-such-page/")
    look(screen, "missing")


def _ask(code: str, people: People) -> None:
    """The agency accepts and asks the citizen."""
    now = datetime.now(UTC)
    version = Case.objects.get(code=code).version
    case = accept_case(user=people.officer, case=code, seen_version=version, now=now)
    ask_citizen(
        user=people.officer,
        case=code,
        seen_version=case.version,
        text="Nhà có mấy cháu nhỏ? Có ai cần thuốc không?",
        now=now,
    )
