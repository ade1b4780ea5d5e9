"""Callers who do not do what a script hopes for: each has a way, none is dead air."""

import asyncio
import socket

import pytest

from bench.citizen import GIVEN_NUMBER
from hotline.dialogue.exchange import Expect, Words
from hotline.dialogue.person_phrases import PERSONS
from hotline.dialogue.script import Channel, words
from hotline.reports.call_result import standing
from tests.phone.citizens import Caller, Town, eventually, tone
from tests.phone.rig import SPEECH_MOST_S, Rig

pytestmark = pytest.mark.phone

CALL_END_S = 40.0


async def _asked(caller: Caller, expect: Expect, *, within_s: float = 15) -> None:
    """Until this kind of question is asked."""
    for _ in range(int(within_s / 0.1)):
        now = await caller.standing()
        if now.ask is not None and now.ask.expect is expect:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{expect} was not asked")


async def test_a_key_stops_the_words(town: Town) -> None:
    caller = await town.ring()
    await _asked(caller, Expect.MENU)
    await caller.call.hears_sound(within_s=5)
    since = caller.call.now
    await caller.call.press("2")
    await _asked(caller, Expect.CONSENT)
    # a prompt takes more than a second: this one was broken off and the next begun
    takes_over = words(PERSONS["to_callbot_nobody"], language="vi", channel=Channel.VOICE)
    await caller.hears_words((Words(takes_over),), within_s=1.6, since=since)


@pytest.mark.long
async def test_silence_ends_with_a_call_back(town: Town) -> None:
    caller = await town.ring()
    await caller.call.is_hung_up_on(within_s=CALL_END_S)
    assert caller.call.sound.quiet_s() < 3
    assert (await caller.result())["callback_due"]


@pytest.mark.long
async def test_silence_at_a_spoken_question_is_asked_again_and_then_rung_back(town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="place")
    await caller.call.is_hung_up_on(within_s=3 * CALL_END_S)
    result = await caller.result()
    assert not result["complete"]
    assert result["slots"]["need"] == "necessities"
    assert result["recordings"] == []
    assert result["callback_due"]


@pytest.mark.long
async def test_wrong_keys_are_told_and_asked_again(town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="need")
    await caller.hears_question(within_s=5)
    await caller.call.press("9")
    since = caller.call.now
    await caller.hears_question(within_s=6, since=since)
    await caller.answers()
    assert (await caller.result())["complete"]


async def test_who_refuses_recording_answers_by_keys_and_is_rung_back(town: Town) -> None:
    caller = await town.ring()
    await _asked(caller, Expect.MENU)
    await caller.call.press("2")
    await _asked(caller, Expect.CONSENT)
    await caller.call.hears_sound(within_s=5)
    await caller.call.press("2")
    await caller.answers()
    result = await caller.result()
    assert result["recordings"] == []
    assert result["slots"]["household"] == "4"
    assert result["callback_due"]


@pytest.mark.long
async def test_who_withholds_the_number_may_key_one_in(town: Town) -> None:
    caller = await town.ring(withheld=True)
    await caller.answers()
    result = await caller.result()
    assert result["complete"]
    assert result["slots"]["reporter_phone"] == f"+84{GIVEN_NUMBER[1:]}"


async def test_the_operator_key_while_speaking_keeps_what_was_said(town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="place")
    await caller.call.hears(caller.beep, within_s=10)
    await caller.call.say(tone(2))
    await caller.call.press("*")
    await eventually(lambda: standing(caller.contact).ended, within_s=10)
    await caller.call.hang_up()
    result = await caller.result()
    assert not result["complete"]
    assert [found["slot"] for found in result["recordings"]] == ["place"]
    assert result["callback_due"]


async def test_hanging_up_while_speaking_keeps_what_was_said(town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="place")
    await caller.call.hears(caller.beep, within_s=10)
    await caller.call.say(tone(2))
    await caller.call.hang_up()
    result = await caller.result()
    assert [found["slot"] for found in result["recordings"]] == ["place"]
    assert 1.5 <= result["recordings"][0]["seconds"] <= 2.5
    assert result["callback_due"]


@pytest.mark.long
async def test_an_answer_that_is_too_long_is_cut_and_kept(town: Town) -> None:
    caller = await town.ring()
    await caller.answers(until_slot="place")
    await caller.call.hears(caller.beep, within_s=10)
    await caller.call.say(tone(SPEECH_MOST_S + 5))
    await caller.answers()
    result = await caller.result()
    assert result["complete"]
    assert result["recordings"][0]["seconds"] == pytest.approx(SPEECH_MOST_S, abs=1)


MALFORMED = (
    b"",
    b"\r\n\r\n",
    b"INVITE",
    b"INVITE sip:1022 SIP/2.0\r\n\r\n",
    b"INVITE sip:1022@127.0.0.1 SIP/9.9\r\nVia: x\r\nCSeq: -1 INVITE\r\n\r\n",
    b"\xff\xfe\x00" * 400,
    b"REGISTER sip:127.0.0.1 SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
    b"INVITE sip:1022@127.0.0.1 SIP/2.0\r\n" + b"Via: SIP/2.0/UDP x\r\n" * 2000 + b"\r\n",
)


async def test_malformed_sip_disturbs_nobody(rig: Rig, town: Town) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as noise:
        for datagram in MALFORMED:
            noise.sendto(datagram[:60_000], ("127.0.0.1", rig.base + 4))
    caller = await town.ring()
    await caller.answers(hang_up_at=1)
    assert (await caller.result())["callback_due"]
