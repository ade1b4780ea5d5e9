"""A citizen's browser rings 1022 on a real Asterisk, and presses keys on the page."""

import shutil
from collections.abc import Iterator

import pytest
from django.db.models import QuerySet
from playwright.sync_api import Browser, Page, expect

from hotline.dialogue.phones import normalise
from hotline.domain.calls.models import Call
from hotline.domain.contacts.models import Contact
from hotline.domain.contacts.services import state_of
from hotline.domain.people.selectors import index_of
from tests.browser.conftest import SMALL
from tests.browser.switchboard.hotline import FLAGS, BrowserRig
from tests.browser.switchboard.street import eventually

pytestmark = pytest.mark.phone

NUMBER = "0901555777"


@pytest.fixture
def page(hotline: BrowserRig, browser: Browser) -> Iterator[Page]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    own = browser.browser_type.launch(executable_path=program, args=FLAGS)
    context = own.new_context(base_url=hotline.url, viewport={"width": SMALL, "height": 800})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()
    own.close()


def test_the_same_menu_from_the_browser(page: Page) -> None:
    page.goto("/")
    page.locator("a[href='/call/']").click()
    page.fill("#number", "0901 555 777")
    page.keyboard.press("Enter")
    expect(page.locator("#call[data-stage=talking]")).to_be_visible()
    eventually(_contacts().exists)
    contact = _contacts().latest("started_at")
    eventually(lambda: _sounds(page))
    page.locator("[data-key-sent='2']").click()
    expect(page.locator("#sent")).to_contain_text("2")
    eventually(lambda: _stage(contact) == "consent")
    page.keyboard.press("1")
    eventually(lambda: _stage(contact) == "slot")
    page.locator("#end").click()
    expect(page.locator("#over")).to_be_visible()
    eventually(lambda: Call.objects.get(contact=contact).ended_at is not None)


def _contacts() -> QuerySet[Contact]:
    return Contact.objects.filter(person__phone_index=index_of(normalise(NUMBER) or ""))


def _stage(contact: Contact) -> str:
    contact.refresh_from_db()
    return str(state_of(contact).stage)


def _sounds(page: Page) -> bool:
    """Whether the page hears anything at all."""
    heard: bool = page.evaluate(
        """async () => {
          const stream = document.getElementById("sound").srcObject;
          if (!stream) return false;
          const context = new AudioContext();
          const meter = context.createAnalyser();
          context.createMediaStreamSource(stream).connect(meter);
          await new Promise((done) => setTimeout(done, 300));
          const samples = new Float32Array(meter.fftSize);
          meter.getFloatTimeDomainData(samples);
          context.close();
          return samples.some((one) => Math.abs(one) > 0.02);
        }"""
    )
    return heard
