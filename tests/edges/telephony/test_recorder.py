"""Spoken answers, whatever Asterisk, the disk and the caller do meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.dialogue.exchange import Left, RecordingFailed, Spoke
from hotline.dialogue.state import Outcome
from tests.edges.telephony.switching import Office, book, until


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with Office(tmp_path, book=book()) as office:
        yield office


@pytest.mark.parametrize("fault", ["fails", "loses"])
async def test_a_recording_that_failed_is_said_so_and_the_call_goes_on(
    office: Office, fault: str
) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("place")
    setattr(office.asterisk.ways, fault, 1)
    await until(lambda: talk.heard[-1] == "beep")
    await talk.line.speak(2)
    await until(lambda: RecordingFailed() in talk.held.events)
    assert not talk.line.ended.is_set()


async def test_a_full_disk_is_noticed_before_the_recording(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.edges.adapters.telephony.spool.LEAST_FREE", 1 << 60)
    talk = await office.ring()
    await talk.answers_by_keys("household")
    await talk.presses("4#")
    await until(lambda: RecordingFailed() in talk.held.events)
    assert not any("/record" in asked for asked in office.asterisk.asked)


async def test_hanging_up_while_speaking_says_what_was_said_and_then_that_they_left(
    office: Office,
) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("place")
    await until(lambda: talk.heard[-1] == "beep")
    await talk.line.speak(2)
    await talk.line.hang_up()
    await until(lambda: talk.held.left)
    assert [type(event) for event in talk.held.events[-2:]] == [Spoke, Left]


async def test_an_answer_that_is_too_long_is_cut_and_kept(office: Office) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("place")
    await until(lambda: talk.heard[-1] == "beep")
    await talk.line.speak(14)
    await talk.is_asked("details")
    (spoke,) = (event for event in talk.held.events if isinstance(event, Spoke))
    assert spoke.seconds == pytest.approx(10, abs=0.2)


async def test_less_than_a_second_before_hanging_up_is_no_answer(office: Office) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("place")
    await until(lambda: talk.heard[-1] == "beep")
    await talk.line.speak(0.3)
    await talk.line.hang_up()
    await until(lambda: talk.held.left)
    assert not any(isinstance(event, Spoke) for event in talk.held.events)


async def test_the_operator_key_in_the_middle_of_a_spoken_question_is_heard(
    office: Office,
) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("place")
    await talk.presses("*")
    await until(talk.line.ended.is_set)
    assert talk.held.state.outcome is Outcome.HANDED_OVER
    assert list(office.recordings.iterdir()) == []


async def test_a_recording_outlives_the_switchboard(office: Office) -> None:
    talk = await office.ring()
    await talk.answers_by_keys("place")
    await until(lambda: talk.heard[-1] == "beep")
    await office.die()
    await talk.line.speak(3)
    await until(lambda: talk.heard[-1] == "music")
    await office.open()
    await talk.is_asked("details")
    assert any(isinstance(event, Spoke) for event in talk.held.events)
