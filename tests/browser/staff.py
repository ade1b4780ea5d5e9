"""Staff in a real browser."""

import time
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from hotline.domain.accounts.models import User
from hotline.domain.cases.models import Case
from hotline.domain.contacts.models import Recording
from hotline.usecases.keep_recording import keep_recording
from tests import stories
from tests.people import CITIZEN


def sign_in(page: Page, user: User) -> None:
    page.goto("/account/login/")
    page.fill("#id_login", user.username)
    page.fill("#id_password", f"{user.username} password 1022")
    page.press("#id_password", "Enter")
    arrive(page, ".whoami")


def arrive(page: Page, selector: str) -> None:
    """Waits for the next page: what it shows, and its scripts, which take the keys."""
    page.locator(selector).first.wait_for()
    page.wait_for_load_state()


def sealed_call(*, number: str = CITIZEN, ago: timedelta = timedelta(minutes=3)) -> Case:
    """A call whose recordings stand sealed in the media store, as the worker leaves them."""
    now = datetime.now(UTC)
    case = stories.voice_report(now - ago, number=number)
    for recording in Recording.objects.filter(contact__case=case):
        keep_recording(recording=recording.pk, now=now)
    return case


def no_complaints(page: Page) -> list[str]:
    """Collects what the browser complains of: errors in scripts, what the content security
    policy stopped. Refused forms (409, 422) and pages that are not there are no faults."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type in {"error", "warning"}
            and "Failed to load resource" not in message.text
            else None
        ),
    )
    return complaints


def eventually(page: Page, condition: str, *, within_s: float = 15) -> None:
    """Waits until an expression holds in the page. Playwright's own waiting evaluates strings
    inside the page, which our content security policy forbids."""
    deadline = time.monotonic() + within_s
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(30)
