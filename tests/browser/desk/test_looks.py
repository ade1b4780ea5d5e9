"""Every page of the desk, in each of its states, small and wide: nothing for axe to find."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from hotline.dialogue.exchange import Left, Typed
from hotline.domain.accounts.models import User
from hotline.domain.city.models import CityRefusal, CityVersion
from hotline.domain.contacts.models import Recording, RecordingState
from hotline.usecases.accept_case import accept_case
from hotline.usecases.note_case import note_case
from tests import stories
from tests.browser.conftest import SMALL, WIDE, OpenPage, look
from tests.browser.staff import arrive, no_complaints, sealed_call, sign_in
from tests.people import CITIZEN, NEIGHBOUR, People

widths = pytest.mark.parametrize("width", [SMALL, WIDE])


def desk_of(open_page: OpenPage, user: User, width: int) -> tuple[Page, list[str]]:
    page = open_page(width=width)
    complaints = no_complaints(page)
    sign_in(page, user)
    return page, complaints


@widths
def test_signing_in(open_page: OpenPage, people: People, width: int) -> None:
    page = open_page(width=width)
    page.goto("/account/login/")
    look(page, "sign-in")
    for number in range(8):
        page.fill("#id_login", people.operator.username)
        page.fill("#id_password", "not the password")
        page.press("#id_password", "Enter")
        page.wait_for_load_state()
        if number == 0:
            look(page, "sign-in-wrong")
    look(page, "locked-out")
    other = open_page(width=width)
    sign_in(other, people.second_operator)
    other.goto("/account/password/")
    look(other, "password")
    for field in ("oldpassword", "password1", "password2"):
        other.fill(f"#id_{field}", "one two three four")
    other.press("#id_password2", "Enter")
    arrive(other, "[role=alert]")
    look(other, "password-refused")
    other.goto("/account/logout/")
    look(other, "sign-out")


@widths
def test_the_list(open_page: OpenPage, people: People, width: int) -> None:
    page, complaints = desk_of(open_page, people.operator, width)
    look(page, "inbox-empty")
    now = datetime.now(UTC)
    sealed_call(ago=timedelta(minutes=4))
    stories.web_report(now - timedelta(hours=2), reporter_phone=Typed(NEIGHBOUR))
    calm = stories.web_report(now - timedelta(days=2), need=Typed("support"))
    page.goto("/desk/?tab=all")
    look(page, "inbox-all")
    page.keyboard.press("j")
    look(page, "inbox-row-in-focus")
    page.keyboard.press("?")
    look(page, "keys")
    page.keyboard.press("Escape")
    page.goto(f"/desk/find/?code={calm.code[:3]}")
    look(page, "found")
    page.goto("/desk/find/?code=111111111")
    look(page, "wrong-code")
    assert page.goto("/desk/case/999999999/").status == 404  # type: ignore[union-attr]
    look(page, "no-such-case")
    assert complaints == []


@widths
def test_one_case(open_page: OpenPage, people: People, width: int) -> None:
    call = sealed_call()
    case = stories.web_report(datetime.now(UTC), details=Typed(f"{stories.WORDS} " * 40))
    page, complaints = desk_of(open_page, people.operator, width)
    page.goto(f"/desk/case/{call.code}/")
    look(page, "case-from-a-call")
    page.goto(f"/desk/case/{case.code}/")
    page.locator("[data-key=f]").click()
    look(page, "case-forwarding")
    page.locator(".actions details[open] [data-main]").click()
    arrive(page, "#problem")
    look(page, "case-refused")
    page.locator("#contact button").click()
    page.locator("#contact a").wait_for()
    look(page, "case-contact")
    page.locator("[data-key=n]").click()
    page.fill("#text-note", "Tôi viết sau.")
    note_case(
        user=people.second_operator,
        case=case.code,
        seen_version=case.version,
        text="Tôi viết trước.\nVà thêm một dòng.",
        now=datetime.now(UTC),
    )
    page.locator("#text-note").press("Control+Enter")
    arrive(page, "#stale")
    look(page, "case-stale")
    assert complaints == []


@widths
def test_listening(open_page: OpenPage, people: People, width: int) -> None:
    page, complaints = desk_of(open_page, people.operator, width)
    page.goto("/desk/listen/")
    look(page, "queue-empty")
    sealed_call()
    page.reload()
    look(page, "queue")
    page.locator("[data-key=n]").click()
    arrive(page, "#sheet")
    look(page, "hear")
    page.fill("#search-place", "phuong 1")
    page.locator(".candidates").wait_for()
    look(page, "hear-places")
    page.locator(".candidates input").first.check()
    for summary in page.locator(".mend summary").all():
        summary.click()
    page.fill("#text-household", "rất đông")
    page.locator("#sheet [data-main]").click()
    arrive(page, "[role=alert]")
    look(page, "hear-refused")
    page.fill("#text-household", "4")
    page.fill("#text-details", stories.WORDS)
    page.locator("#sheet [data-main]").click()
    arrive(page, "#result")
    look(page, "hear-done")
    assert complaints == []


@widths
def test_call_backs(open_page: OpenPage, people: People, width: int) -> None:
    page, complaints = desk_of(open_page, people.operator, width)
    page.goto("/desk/call-backs/")
    look(page, "call-backs-none")
    now = datetime.now(UTC)
    for number, ago in ((CITIZEN, 45), (NEIGHBOUR, 2)):
        talk = stories.choose(stories.ring(now - timedelta(minutes=ago), number=number))
        stories.answer_by_voice(talk, until="for_whom")
        talk.say(Left())
    page.reload()
    look(page, "call-backs")
    page.locator("form[action*='/number/'] button").first.click()
    arrive(page, ".ring__number")
    look(page, "call-backs-number")
    page.locator("button[value=unreachable]").first.click()
    arrive(page, ".notice--success")
    look(page, "call-backs-closed")
    assert complaints == []


@widths
def test_what_is_broken(open_page: OpenPage, people: People, width: int) -> None:
    case = sealed_call()
    Recording.objects.filter(contact__case=case).update(state=RecordingState.LOST)
    CityRefusal.objects.create(
        name=CityVersion.objects.get(current=True).name,
        digest="0" * 64,
        at=datetime.now(UTC),
        problems=[{"file": "routing.yaml", "line": 7, "sentence": "Không có đơn vị này."}],
    )
    page, complaints = desk_of(open_page, people.supervisor, width)
    for summary in page.locator(".notice summary").all():
        summary.click()
    look(page, "broken")
    page.goto(f"/desk/case/{case.code}/")
    look(page, "case-lost-recording")
    page.goto("/desk/listen/")
    page.locator("[data-key=n]").click()
    arrive(page, "#sheet")
    look(page, "hear-lost-recording")
    assert complaints == []


@widths
def test_an_observers_pages(open_page: OpenPage, people: People, width: int) -> None:
    case = stories.web_report(datetime.now(UTC))
    accept_case(
        user=people.officer, case=case.code, seen_version=case.version, now=datetime.now(UTC)
    )
    page, complaints = desk_of(open_page, people.observer, width)
    page.goto("/desk/?tab=all")
    look(page, "observer-list")
    page.goto(f"/desk/case/{case.code}/")
    look(page, "observer-case")
    page.goto("/desk/listen/")
    look(page, "observer-not-allowed")
    assert complaints == []
