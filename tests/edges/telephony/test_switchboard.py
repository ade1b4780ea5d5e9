"""The switchboard when Asterisk, the disk, the database or we ourselves do not do as hoped."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.dialogue.exchange import Keys, Left, Silence, Spoke
from hotline.dialogue.state import Outcome
from tests.edges.telephony.switching import Office, book, until


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with Office(tmp_path, book=book()) as office:
        yield office


async def test_a_whole_call_ends_with_the_code_and_hangs_up(office: Office) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("place")
    await until(lambda: talk.heard[-1] == "beep")
    await talk.line.speak(3)
    await talk.is_asked("details")
    await until(lambda: talk.heard[-1] == "beep")
    await talk.line.speak(2)
    await talk.is_asked("reporter_phone")
    await talk.presses("1")
    await talk.is_asked("confirm")
    await talk.presses("1")
    await until(talk.line.ended.is_set)
    await until(lambda: talk.held.left)
    assert talk.held.state.outcome is Outcome.COMPLETE
    spoke = [event for event in talk.held.events if isinstance(event, Spoke)]
    # half a second of what was said fell into the tone
    assert spoke[0].seconds == pytest.approx(2.5, abs=0.6)
    assert spoke[1].seconds == pytest.approx(1.5, abs=0.6)
    assert talk.heard.count("digit-9") == 2  # the code, twice


async def test_everything_that_sounds_ends_in_music(office: Office) -> None:
    talk = await office.ring()
    await talk.is_asked("menu")
    await office.die()
    await until(lambda: talk.heard[-2:] == ["music", "music"])
    await office.open()
    await talk.is_asked("menu")


async def test_silence_is_told_and_asked_again(office: Office) -> None:
    talk = await office.ring()
    await talk.is_asked("menu")
    await until(lambda: Silence() in talk.held.events)
    talk.mark = len(talk.heard)
    await talk.is_asked("menu")


async def test_a_hash_while_the_words_sound_skips_no_question(office: Office) -> None:
    talk = await office.ring()
    await talk.is_asked("menu")
    await talk.presses("#2")
    await talk.is_asked("consent")
    assert Keys("") not in talk.held.events


async def test_a_key_that_bounces_answers_no_second_question(office: Office) -> None:
    office.desk.slow_s = 0.3
    talk = await office.ring()
    await talk.is_asked("menu")
    await talk.presses("22")
    await talk.is_asked("consent")
    assert [event for event in talk.held.events if isinstance(event, Keys)] == [Keys("2")]


async def test_digits_are_collected_until_the_hash_and_the_prompt_stops(office: Office) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("household")
    await talk.presses("12#")
    await talk.is_asked("place")
    assert Keys("12") in talk.held.events


async def test_a_dropped_connection_is_taken_up_again(office: Office) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("for_whom")
    talk.mark = len(talk.heard)
    office.asterisk.drop()
    await talk.is_asked("for_whom")
    assert talk.held.state.answers["need"].value == "food"
    await talk.presses("1")
    await talk.is_asked("household")


async def test_a_connection_that_answers_but_brings_no_events_is_made_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.edges.adapters.telephony.ari.connection.FIRST_ANSWER_S", 0.2)
    talk = await office.ring()
    await talk.answers_by_keys("for_whom")
    talk.mark = len(talk.heard)
    office.asterisk.faults.deaf = 2
    office.asterisk.drop()
    await talk.is_asked("for_whom")
    await talk.presses("1")
    await talk.is_asked("household")
    assert not office.asterisk.faults.deaf


async def test_a_connection_that_goes_deaf_is_made_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.die()
    monkeypatch.setattr("hotline.edges.adapters.telephony.ari.connection.PING_S", 0.2)
    await office.open()
    office.asterisk.deafen()
    talk = await office.ring()
    await talk.is_asked("menu")


async def test_calls_of_an_asterisk_that_died_end_with_what_was_said(office: Office) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("for_whom")
    office.asterisk.die()
    await until(lambda: talk.held.left)
    assert talk.held.state.answers["need"].value == "food"


async def test_a_call_that_the_database_does_not_know_is_taken_as_new(office: Office) -> None:
    await office.die()
    talk = await office.ring()
    talk.line.ours = True  # it came in the moment before the switchboard died
    await office.open()
    await talk.is_asked("menu")


async def test_a_slow_database_is_waited_for_with_music(office: Office) -> None:
    talk = await office.ring()
    await talk.is_asked("menu")
    office.desk.slow_s = 2.0
    await talk.presses("2")
    await until(lambda: talk.heard[-1] == "music")
    office.desk.slow_s = 0
    await talk.is_asked("consent")


@pytest.mark.parametrize("trouble", ["away", "breaks"])
async def test_who_cannot_be_served_is_sent_to_the_dialplans_way_out(
    office: Office, trouble: str
) -> None:
    talk = await office.ring()
    await talk.is_asked("menu")
    setattr(office.desk, trouble, True)
    await talk.presses("2")
    await until(lambda: office.asterisk.sent_back == ["missed,start"])
    await talk.line.hang_up()
    setattr(office.desk, trouble, False)
    await until(lambda: talk.held.left, within_s=15)  # the sweep comes every five seconds


async def test_a_request_that_fails_once_is_taken_up_again(office: Office) -> None:
    talk = await office.ring()
    await talk.is_asked("menu")
    office.asterisk.faults.refuse.append(("POST channels/.*/play", 500))
    await talk.presses("2")
    await talk.is_asked("consent")


async def test_an_asterisk_that_does_not_answer_is_asked_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.edges.adapters.telephony.ari.connection.REQUEST_TIMEOUT_S", 0.2)
    talk = await office.ring()
    await talk.is_asked("menu")
    office.asterisk.faults.silent = "POST channels/.*/play"
    await talk.presses("2")
    await until(lambda: talk.held.state.stage == "consent")
    office.asterisk.faults.silent = ""
    await talk.is_asked("consent")


async def test_a_sign_of_life_says_whether_calls_can_be_taken(office: Office) -> None:
    await until(lambda: (True, "0 calls") in office.desk.beats)


async def test_answers_later_than_their_events_do_not_matter(office: Office) -> None:
    office.asterisk.faults.answer_after_s = 0.05
    talk = await office.ring()
    await talk.answers_by_keys("place")
    await until(lambda: talk.heard[-1] == "beep")
    await talk.line.speak(2)
    await talk.is_asked("details")


MALFORMED = (
    "",
    "{",
    "[]",
    "null",
    '"event"',
    '{"type": null}',
    '{"type": "StasisStart"}',
    '{"type": "StasisStart", "channel": {"id": 7}, "args": []}',
    '{"type": "ChannelDtmfReceived", "channel": "x"}',
    '{"type": "PlaybackFinished", "playback": {"id": "p", "target_uri": "bridge:1"}}',
    '{"type": "RecordingFinished", "recording": []}',
    '{"type": "RESTResponse"}',
    '{"type": "RESTResponse", "request_id": "999", "status_code": "ok"}',
    '{"type": "NewInAsterisk23", "secret": "0901234567"}',
    "[" * 100_000,
)


async def test_malformed_events_are_skipped_without_a_word_of_theirs(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    talk = await office.ring()
    await talk.is_asked("menu")
    for text in MALFORMED:
        await office.asterisk.say(text)
    await talk.presses("2")
    await talk.is_asked("consent")
    assert "skipped a message" in caplog.text
    assert "0901234567" not in caplog.text


async def test_a_call_that_lasts_too_long_hears_the_farewell(tmp_path: Path) -> None:
    async with Office(tmp_path, book=book(call_max_s=1, first_key_s=5)) as office:
        talk = await office.ring()
        await talk.is_asked("menu")
        await until(talk.line.ended.is_set)
        assert talk.held.left
        assert [type(event) for event in talk.held.events][-1] is Left


@pytest.mark.parametrize("number", ["anonymous", "", "+0", "<script>", "9" * 300])
async def test_a_number_that_is_none_harms_nobody(office: Office, number: str) -> None:
    talk = await office.ring(number)
    await talk.is_asked("menu")
    await talk.line.hang_up()
    await until(lambda: talk.held.left)
