"""What the switchboard relies on in ARI: the same tests for the real Asterisk and the fake."""

import pytest

from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.ari.events import (
    CallGone,
    KeyPressed,
    PlaybackOver,
    RecordingBegan,
    RecordingOver,
)
from tests.contracts.exchange import Exchange


async def test_playbacks_end_one_after_the_other(exchange: Exchange) -> None:
    channel, _citizen = await exchange.ring()
    media = [exchange.media("first"), exchange.media("second")]
    await exchange.ari.play(channel, media, playback="p-1")
    await exchange.ari.play(channel, media[:1], playback="p-1-rest")
    assert await exchange.ari.is_playing("p-1-rest")
    await exchange.hears(PlaybackOver, lambda event: event.playback == "p-1-rest")
    assert _overs(exchange) == [
        PlaybackOver(channel, "p-1", failed=False),
        PlaybackOver(channel, "p-1-rest", failed=False),
    ]


async def test_what_is_queued_begins_when_what_sounds_is_stopped(exchange: Exchange) -> None:
    channel, _citizen = await exchange.ring()
    await exchange.ari.play(channel, [exchange.media("long")], playback="p-2")
    await exchange.ari.play(channel, [exchange.media("first")], playback="p-3")
    assert await exchange.ari.is_playing("p-2")
    await exchange.ari.stop_playback("p-2")
    await exchange.hears(PlaybackOver, lambda event: event.playback == "p-3")
    assert [event.playback for event in _overs(exchange)] == ["p-2", "p-3"]
    assert not await exchange.ari.is_playing("p-2")


async def test_what_waits_can_be_stopped_before_it_sounds(exchange: Exchange) -> None:
    channel, _citizen = await exchange.ring()
    await exchange.ari.play(channel, [exchange.media("first")], playback="p-4")
    await exchange.ari.play(channel, [exchange.media("long")], playback="p-5")
    await exchange.ari.play(channel, [exchange.media("second")], playback="p-6")
    await exchange.ari.stop_playback("p-5")
    await exchange.hears(PlaybackOver, lambda event: event.playback == "p-6")
    # sooner than the long one lasts; that it will not sound is said, too
    assert {event.playback for event in _overs(exchange)} == {"p-4", "p-5", "p-6"}


async def test_keys_are_heard_while_something_sounds(exchange: Exchange) -> None:
    channel, citizen = await exchange.ring()
    await exchange.ari.play(channel, [exchange.media("long")], playback="p-7")
    await citizen.press("2*#")
    await exchange.hears(KeyPressed, lambda event: event.digit == "#")
    keys = [event for event in exchange.said if isinstance(event, KeyPressed)]
    assert keys == [KeyPressed(channel, digit) for digit in "2*#"]


async def test_a_recording_ends_with_silence_and_music_follows_by_itself(
    exchange: Exchange,
) -> None:
    channel, citizen = await exchange.ring()
    await exchange.ari.record(channel, name="r-1", most_s=20, silence_s=2)
    await exchange.ari.play(channel, [exchange.media("first")], playback="p-8")
    await exchange.hears(RecordingBegan)
    await citizen.speak(3)
    over = await exchange.hears(RecordingOver)
    assert (over.recording, over.failed) == ("r-1", False)
    await exchange.hears(PlaybackOver, lambda event: event.playback == "p-8")
    measured = exchange.spool.measure("r-1")
    assert measured is not None
    assert measured.seconds == pytest.approx(3, abs=0.6)
    assert measured.talking_s == pytest.approx(3, abs=0.6)


async def test_a_recording_in_which_nobody_speaks_holds_nothing(exchange: Exchange) -> None:
    channel, _citizen = await exchange.ring()
    await exchange.ari.record(channel, name="r-2", most_s=20, silence_s=2)
    await exchange.hears(RecordingOver)
    measured = exchange.spool.measure("r-2")
    assert measured is not None
    assert measured.talking_s < 0.2


@pytest.mark.parametrize("how", ["key", "stop", "longest"])
async def test_a_recording_can_be_ended(exchange: Exchange, how: str) -> None:
    channel, citizen = await exchange.ring()
    name, most_s = f"r-3-{how}", 2 if how == "longest" else 20
    await exchange.ari.record(channel, name=name, most_s=most_s, silence_s=5)
    await exchange.hears(RecordingBegan)
    assert await exchange.ari.is_recording(name)
    await citizen.speak(2)
    if how == "key":
        await citizen.press("#")
    elif how == "stop":
        await exchange.ari.stop_recording(name)
    await exchange.hears(RecordingOver)
    measured = exchange.spool.measure(name)
    assert measured is not None
    assert measured.seconds == pytest.approx(2, abs=0.6)
    assert not await exchange.ari.is_recording(name)


async def test_a_recording_that_waits_cannot_be_taken_back(exchange: Exchange) -> None:
    """Nobody would want this; the recorder must know it."""
    channel, _citizen = await exchange.ring()
    await exchange.ari.play(channel, [exchange.media("first")], playback="p-9")
    await exchange.ari.record(channel, name="r-4", most_s=20, silence_s=2)
    await exchange.ari.stop_recording("r-4")
    await exchange.hears(RecordingBegan)


async def test_hanging_up_ends_the_recording_before_the_call(exchange: Exchange) -> None:
    channel, citizen = await exchange.ring()
    await exchange.ari.record(channel, name="r-5", most_s=20, silence_s=5)
    await exchange.hears(RecordingBegan)
    await citizen.speak(2)
    await citizen.hang_up()
    await exchange.hears(CallGone)
    kinds = [type(event) for event in exchange.said]
    assert kinds.index(RecordingOver) < kinds.index(CallGone)
    measured = exchange.spool.measure("r-5")
    assert measured is not None
    assert measured.seconds == pytest.approx(2, abs=0.6)


async def test_a_channel_that_is_gone_is_404(exchange: Exchange) -> None:
    channel, citizen = await exchange.ring()
    await citizen.hang_up()
    await exchange.hears(CallGone)
    with pytest.raises(AriError) as refused:
        await exchange.ari.play(channel, [exchange.media("first")], playback="p-10")
    assert refused.value.status == 404
    assert refused.value.permanent
    await exchange.ari.hang_up(channel)  # no error


async def test_a_channel_outlives_the_connection_and_is_found_again(exchange: Exchange) -> None:
    channel, citizen = await exchange.ring()
    await exchange.ari.record(channel, name="r-6", most_s=20, silence_s=3)
    await exchange.hears(RecordingBegan)
    await exchange.close()
    await exchange.open()
    found = {known.id: known for known in await exchange.ari.channels()}
    assert found[channel].ours
    assert found[channel].caller == "0901234567"
    assert found[channel].arguments[0] == "1022"
    assert await exchange.ari.follow(channel)
    assert not await exchange.ari.follow("gone")
    assert await exchange.ari.is_recording("r-6")
    await citizen.press("5")
    await exchange.hears(KeyPressed)
    await exchange.hears(RecordingOver)


async def test_who_connects_again_at_once_hears_every_time(exchange: Exchange) -> None:
    """Asterisk may still be clearing away the connection before; the caller is on the line."""
    channel, citizen = await exchange.ring()
    for again in range(30):
        await exchange.close()
        await exchange.open()
        assert await exchange.ari.follow(channel)
        exchange.said.clear()
        await citizen.press(str(again % 10))
        assert (await exchange.hears(KeyPressed)).digit == str(again % 10)


async def test_a_call_can_be_sent_back_to_the_dialplan(exchange: Exchange) -> None:
    channel, _citizen = await exchange.ring()
    await exchange.ari.send_back(channel, context="missed", extension="start")
    await exchange.hears(CallGone)
    assert not any(known.ours for known in await exchange.ari.channels() if known.id == channel)


async def test_a_piece_that_is_missing_does_not_stop_the_others(exchange: Exchange) -> None:
    channel, _citizen = await exchange.ring()
    media = [exchange.media("nowhere"), exchange.media("second")]
    await exchange.ari.play(channel, media, playback="p-11")
    over = await exchange.hears(PlaybackOver)
    assert not over.failed


def _overs(exchange: Exchange) -> list[PlaybackOver]:
    return [event for event in exchange.said if isinstance(event, PlaybackOver)]
