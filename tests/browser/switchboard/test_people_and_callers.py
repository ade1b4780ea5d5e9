"""Operators in real browsers and callers by SIP on a real Asterisk: who hears whom is measured
by tones on every line."""

import re

import pytest
from playwright.sync_api import expect

from hotline.domain.calls.models import CallBack
from hotline.domain.contacts.services import state_of
from hotline.domain.queue.models import Offer, Ticket, TicketKind, TicketState
from hotline.edges.screens.desk.words import MISSED
from tests.browser.switchboard.conftest import FIRST_HZ, SECOND_HZ
from tests.browser.switchboard.hotline import Desk
from tests.browser.switchboard.street import Street, eventually

pytestmark = pytest.mark.phone

CALLER_HZ, OTHER_HZ, THIRD_HZ = 1300, 1500, 1700
OUTSIDE_HZ = 900
RINGS_HZ = 425
"""What an operator hears while somebody else's phone rings."""
BUSY = "9990000001"
TONES = {FIRST_HZ, SECOND_HZ, OUTSIDE_HZ, CALLER_HZ, OTHER_HZ, THIRD_HZ}


def test_while_both_talk_the_callbot_takes_over_and_once_one_frees_a_person_is_offered(
    desks: tuple[Desk, Desk], street: Street
) -> None:
    first, second = desks
    first.sign_on()
    one = street.ring("0901000001", hum_hz=CALLER_HZ)
    one.waits()
    first.answer()
    first.hears({CALLER_HZ}, of=TONES)
    one.hears({FIRST_HZ}, of=TONES)
    second.sign_on()
    two = street.ring("0901000002", hum_hz=OTHER_HZ)
    two.waits()
    second.answer()
    second.hears({OTHER_HZ}, of=TONES)
    two.hears({SECOND_HZ}, of=TONES)

    three = street.ring("0901000003", hum_hz=THIRD_HZ)
    entered = three.waits().entered_at
    eventually(lambda: three.ticket.state == TicketState.WITH_BOT, within_s=30)
    first.order("end", "F9")
    one.is_hung_up_on()
    first.press("Alt+KeyA")
    first.ready()
    eventually(lambda: _stage(three.ticket) == "consent")
    three.press("1")
    eventually(lambda: _stage(three.ticket) == "offer", within_s=30)
    three.press("1")
    first.stage("ringing")
    expect(first.page.locator("#call")).to_contain_text("0901 000 003")
    first.answer()
    first.hears({THIRD_HZ}, of=TONES)
    three.hears({FIRST_HZ}, of=TONES)
    second.hears({OTHER_HZ}, of=TONES)
    two.hears({SECOND_HZ}, of=TONES)
    assert three.ticket.entered_at == entered
    assert three.ticket.offered_at is not None
    for caller in (two, three):
        caller.hang_up()


def test_an_attended_transfer_to_an_outside_line(desks: tuple[Desk, Desk], street: Street) -> None:
    first, _ = desks
    first.sign_on()
    caller = street.ring("0901000011", hum_hz=CALLER_HZ)
    caller.waits()
    first.answer()
    caller.hears({FIRST_HZ}, of=TONES)
    outside = street.outside(hum_hz=OUTSIDE_HZ, after_s=6)
    first.consult(outside.number)
    first.hears({RINGS_HZ}, of={*TONES, RINGS_HZ})
    third = outside.takes()
    first.hears({OUTSIDE_HZ}, of={*TONES, RINGS_HZ})
    third.hears({FIRST_HZ}, of=TONES)
    caller.hears(set(), of=TONES)
    first.order("complete", "Alt+KeyC")
    caller.hears({OUTSIDE_HZ}, of=TONES)
    third.hears({CALLER_HZ}, of=TONES)
    eventually(lambda: caller.ticket.state == TicketState.OUTSIDE)
    first.stage("after")
    caller.hang_up()


def test_a_busy_line_brings_the_caller_back_with_the_place(
    desks: tuple[Desk, Desk], street: Street
) -> None:
    first, _ = desks
    first.sign_on()
    caller = street.ring("0901000012", hum_hz=CALLER_HZ)
    entered = caller.waits().entered_at
    first.answer()
    first.consult(BUSY)
    first.hears({CALLER_HZ}, of=TONES)
    caller.hears({FIRST_HZ}, of=TONES)
    expect(first.page.locator("#call .facts")).to_contain_text(str(MISSED["busy"]))

    # at once and alone: the caller waits again, since when they came
    first.page.locator(f".target[data-target='number:{BUSY}'] [data-order=blind]").click()
    eventually(
        lambda: Offer.objects.filter(operator=first.user.pk).latest("offered_at").state == "ended"
    )
    eventually(lambda: caller.ticket.state == TicketState.WAITING)
    assert caller.ticket.entered_at == entered
    first.press("Alt+KeyA")
    first.ready()
    first.answer()
    caller.hears({FIRST_HZ}, of=TONES)
    caller.hang_up()


def test_three_hear_each_other_and_who_is_held_hears_nobody(
    desks: tuple[Desk, Desk], street: Street
) -> None:
    first, _ = desks
    first.sign_on()
    caller = street.ring("0901000013", hum_hz=CALLER_HZ)
    caller.waits()
    first.answer()
    outside = street.outside(hum_hz=OUTSIDE_HZ)
    first.consult(outside.number)
    third = outside.takes()
    first.hears({OUTSIDE_HZ}, of=TONES)
    first.order("three_way", "Alt+KeyJ")
    first.hears({CALLER_HZ, OUTSIDE_HZ}, of=TONES)
    caller.hears({FIRST_HZ, OUTSIDE_HZ}, of=TONES)
    third.hears({FIRST_HZ, CALLER_HZ}, of=TONES)
    first.order("cancel", "Alt+KeyX")
    third.is_hung_up_on()
    first.hears({CALLER_HZ}, of=TONES)
    caller.hears({FIRST_HZ}, of=TONES)
    first.order("hold", "F8")
    caller.hears(set(), of=TONES)
    first.hears(set(), of=TONES)
    first.order("resume", "F8")
    caller.hears({FIRST_HZ}, of=TONES)
    first.hears({CALLER_HZ}, of=TONES)
    caller.hang_up()
    first.stage("after")


def test_who_hangs_up_in_the_queue_is_called_back(desks: tuple[Desk, Desk], street: Street) -> None:
    first, _ = desks
    first.sign_on()
    one = street.ring("0901000021", hum_hz=CALLER_HZ)
    one.waits()
    first.answer()
    home = street.outside(hum_hz=OUTSIDE_HZ)
    gone = street.ring(home.number, hum_hz=OTHER_HZ)
    entered = gone.waits().entered_at
    gone.hang_up()
    eventually(lambda: CallBack.objects.filter(closed_at=None, place_at=entered).exists())
    one.hang_up()
    first.stage("after")
    first.press("Alt+KeyA")
    first.ready()
    first.stage("ringing")
    back = Ticket.objects.filter(kind=TicketKind.CALL_BACK).latest("pk")
    assert back.entered_at == entered
    expect(first.page.locator("#call")).to_contain_text(re.compile(r"\s*".join(home.number)))
    first.press("F2")
    again = home.takes()
    first.hears({OUTSIDE_HZ}, of=TONES)
    again.hears({FIRST_HZ}, of=TONES)
    first.order("end", "F9")
    again.is_hung_up_on()


def test_a_page_loaded_again_in_a_call_loses_the_sound_and_not_the_caller(
    desks: tuple[Desk, Desk], street: Street
) -> None:
    first, second = desks
    first.sign_on()
    caller = street.ring("0901000031", hum_hz=CALLER_HZ)
    entered = caller.waits().entered_at
    first.answer()
    caller.hears({FIRST_HZ}, of=TONES)
    first.page.reload()
    expect(first.page.locator("#said")).to_be_visible()
    eventually(lambda: caller.ticket.state in {TicketState.WAITING, TicketState.OFFERED})
    assert caller.ticket.entered_at == entered
    second.sign_on()
    second.answer()
    caller.hears({SECOND_HZ}, of=TONES)
    caller.hang_up()


def test_one_window_has_the_telephone_and_the_microphone_can_be_tried(
    desks: tuple[Desk, Desk],
) -> None:
    first, _ = desks
    first.sign_on()
    first.page.locator("#mic-check").click()
    words = first.page.locator("#mic-words")
    expect(words).to_have_text(words.get_attribute("data-heard") or "")
    second_window = first.page.context.new_page()
    second_window.goto("/desk/console/")
    expect(second_window.locator("#phone-state[data-kind=elsewhere]")).to_be_visible()
    expect(first.page.locator("#phone-state[data-kind=up]")).to_be_visible()
    first.page.close()
    expect(second_window.locator("#phone-state[data-kind=up]")).to_be_visible()


def _stage(ticket: Ticket) -> str:
    """Where the caller's dialogue stands."""
    ticket.refresh_from_db()
    assert ticket.contact is not None
    return str(state_of(ticket.contact).stage)
