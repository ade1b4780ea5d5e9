"""The operator's console in a real browser: how it looks, and that the keyboard does it all.
The line itself is driven by the use cases; ``tests/browser/switchboard`` has the real one."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from hotline.dialogue.exchange import Keys, Left, ToCallbot
from hotline.domain.calls.models import CallBack
from hotline.domain.cases.models import Case
from hotline.domain.queue import legs
from hotline.domain.queue.models import LegPurpose, Offer, Order, Ticket
from hotline.domain.workforce.models import Presence
from hotline.usecases.block_caller import block_caller
from hotline.usecases.call_back_failed import call_back_failed
from hotline.usecases.call_out import call_out
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.talk_over import talk_over
from tests import queueing, stories
from tests.browser.conftest import OpenPage, look
from tests.browser.staff import no_complaints, sign_in
from tests.edges.staff import moment
from tests.people import CITIZEN, People
from tests.workforce import operators

# What this server has none of: the live plane and the telephone's way to the exchange.
ABSENT = ("EventSource's response", "WebSocket connection to", "ERR_", "JsSIP:")


@pytest.fixture
def page(open_page: OpenPage, people: People) -> Page:
    operators(people, now=moment())
    page = open_page()
    sign_in(page, people.operator)
    return page


def sign_on(page: Page) -> None:
    page.goto("/desk/console/")
    expect(page.locator("#bar [data-next]")).to_be_visible()
    page.locator("#bar [name=phone][value=sip]").check()
    page.keyboard.press("F2")
    expect(page.locator("#bar [data-pause]")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.locator("#bar form[data-send=ready]")).to_have_count(0)


def ring(*, told: bool = True) -> stories.Talk:
    talk = queueing.call(moment(), number=CITIZEN)
    if told:
        talk.say(ToCallbot("busy"))
        for key in ("1", "1", "1", "*"):
            talk.say(Keys(key))
    queueing.look(moment())
    return talk


def until(page: Page, condition: Callable[[], bool], *, within_s: float = 15) -> None:
    """``condition`` asks the database."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


def stage(page: Page, name: str) -> None:
    expect(page.locator(f"#console[data-stage={name}]")).to_be_visible(timeout=15_000)


def talking(page: Page, people: People) -> stories.Talk:
    sign_on(page)
    talk = ring()
    stage(page, "ringing")
    queueing.take(people.operator, moment())
    stage(page, "talking")
    return talk


def test_every_state_of_the_console_looks_right(page: Page, people: People) -> None:
    stories.web_report(moment() - timedelta(days=2))
    page.goto("/desk/console/")
    stage(page, "off")
    look(page, "console-off")
    sign_on(page)
    look(page, "console-ready")
    ring()
    stage(page, "ringing")
    look(page, "console-ringing")
    offer = queueing.take(people.operator, moment())
    stage(page, "talking")
    look(page, "console-talking")
    page.fill("#text-details", "Mẹ tôi khó thở từ sáng")
    expect(page.locator(".danger")).to_be_visible()
    page.keyboard.press("Alt+KeyP")
    expect(page.locator(".target").first).to_be_visible()
    look(page, "console-danger")
    row = Offer.objects.select_related("ticket").get(pk=offer)
    legs.open_leg(
        ticket=row.ticket, offer=row, purpose=LegPurpose.CONSULT, number="115", now=moment()
    )
    expect(page.locator("[data-order=cancel]")).to_be_visible()
    look(page, "console-consult")
    talk_over(offer=offer, by="caller", now=moment())
    stage(page, "after")
    look(page, "console-after")


def test_a_case_is_taken_down_without_the_mouse(page: Page, people: People) -> None:
    complaints = no_complaints(page)
    talking(page, people)
    page.locator("#text-household").focus()
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    expect(page.locator("[data-slot=household] .saved")).to_contain_text("✓")
    page.locator("#search-place").focus()
    page.keyboard.type("vo thi sau")
    expect(page.locator("[data-slot=place] .candidate").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#detail-place")).to_be_focused()
    page.keyboard.type(stories.STREET)
    page.locator("#text-details").focus()
    page.keyboard.type(stories.WORDS)
    # the number that rings stands there already
    expect(page.locator("#text-reporter_phone")).to_have_value(CITIZEN)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".call__code")).to_be_visible()
    case = Case.objects.get()
    assert case.complete
    assert case.code in page.locator(".call__code").inner_text().replace(" ", "")
    assert [one for one in complaints if not any(word in one for word in ABSENT)] == []


def test_typing_does_not_press_buttons_and_keys_do_not_type(page: Page, people: People) -> None:
    talking(page, people)
    page.locator("#text-details").focus()
    page.keyboard.type("Cháu 2 tuổi, sốt 8 giờ, n i o l b")
    page.keyboard.press("F8")
    expect(page.locator("#text-details")).to_have_value("Cháu 2 tuổi, sốt 8 giờ, n i o l b")
    until(page, lambda: list(Order.objects.values_list("verb", flat=True)) == ["hold"])
    page.keyboard.press("Alt+KeyA")
    expect(page.locator("#said")).not_to_be_empty()
    assert Offer.objects.get().form == "answered"


def test_ringing_somebody_is_given_up_by_a_key(page: Page, people: People) -> None:
    sign_on(page)
    queueing.call(moment(), number=CITIZEN).say(Left())
    call_back = CallBack.objects.get().pk
    offer = call_out(user=people.operator, call_back=call_back, now=moment())
    stage(page, "ringing")
    page.keyboard.press("F9")  # nobody is being rung yet but they themselves
    assert operator_answered(offer=offer.pk, now=moment())
    stage(page, "answered")
    expect(page.locator("[data-order=end]:visible")).to_have_count(0)
    legs.open_leg(ticket=offer.ticket, offer=offer, purpose=LegPurpose.CALL_BACK, now=moment())
    expect(page.locator("[data-order=end]:visible")).to_have_count(1)
    look(page, "console-call-back")
    page.keyboard.press("F9")
    until(page, lambda: list(Order.objects.values_list("verb", flat=True)) == ["end"])
    call_back_failed(offer=offer.pk, result="cancelled", now=moment())
    stage(page, "idle")


def test_the_emergency_line_is_one_key_away(page: Page, people: People) -> None:
    talking(page, people)
    page.fill("#text-details", "có người muốn tự tử")
    expect(page.locator(".danger")).to_be_visible()
    number = page.locator("[data-rescue]:has(kbd:not([hidden]))").get_attribute("data-rescue")
    page.keyboard.press("F7")
    until(page, Order.objects.exists)
    order = Order.objects.get()
    assert (order.verb, order.argument) == ("consult", f"number:{number}")
    row = Offer.objects.select_related("ticket").get()
    leg = legs.open_leg(
        ticket=row.ticket, offer=row, purpose=LegPurpose.CONSULT, number=number or "", now=moment()
    )
    expect(page.locator(".call__leg")).to_be_visible()
    assert legs.up(leg, now=moment())
    until(page, lambda: Order.objects.filter(verb="three_way").count() == 1)


def test_drawing_the_form_anew_takes_nothing_from_who_writes(page: Page, people: People) -> None:
    talking(page, people)
    details = page.locator("#text-details")
    details.focus()
    page.keyboard.type("Nhà có ba người ")
    # somebody else's news draw everything again
    page.evaluate("document.querySelector('[data-consent]').click()")
    page.keyboard.type("già yếu")
    expect(details).to_have_value("Nhà có ba người già yếu")
    expect(details).to_be_focused()


def test_a_page_loaded_again_shows_what_was_written(page: Page, people: People) -> None:
    talking(page, people)
    page.fill("#text-details", stories.WORDS)
    expect(page.locator("[data-slot=details] .saved")).to_contain_text("✓")
    page.reload()
    stage(page, "talking")
    expect(page.locator("#text-details")).to_have_value(stories.WORDS)
    assert Ticket.objects.get().state == "talking"  # a SIP phone lost nothing


def test_pauses_and_help_by_keys(page: Page, people: People) -> None:
    sign_on(page)
    page.keyboard.press("F4")
    expect(page.locator("[data-pause] button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#bar form[data-send=ready]")).to_be_visible()
    assert Presence.objects.get(operator_id=people.operator.pk).reason == "break"
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("F9")


def test_the_page_of_blocked_callers(open_page: OpenPage, page: Page, people: People) -> None:
    sign_on(page)
    ring()
    offer = queueing.take(people.operator, moment())
    block_caller(user=people.operator, offer=offer, reason="Chửi bới", days=3, now=moment())
    other = open_page()
    sign_in(other, people.supervisor)
    other.goto("/desk/blocks/")
    look(other, "blocks")
    other.locator("button[value=lift]").click()
    expect(other.locator(".empty")).to_be_visible()
