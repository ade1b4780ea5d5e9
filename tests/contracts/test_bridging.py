"""What the exchange relies on in ARI when it dials people and puts them through: the same tests
for the real Asterisk and the fake."""

import pytest

from bench.phone.somebody import Manner
from hotline.edges.adapters.telephony import causes
from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.ari.events import (
    CallCame,
    CallGone,
    HangUpAsked,
    KeyPressed,
    PlaybackOver,
)
from tests.contracts.exchange import Exchange


async def _dial(
    exchange: Exchange, channel: str, manner: Manner = Manner.ANSWERS, most_s: int = 20
) -> None:
    endpoint = await exchange.others.somebody(manner)
    await exchange.ari.originate(
        channel, endpoint=endpoint, arguments=f"leg,{channel}", caller="1022", most_s=most_s
    )


async def _answered(exchange: Exchange, channel: str) -> None:
    await _dial(exchange, channel)
    came = await exchange.hears(CallCame, lambda event: event.channel == channel)
    assert came.arguments == ("leg", channel)


async def _ended(exchange: Exchange, channel: str) -> int:
    """Why."""
    gone = await exchange.hears(CallGone, lambda event: event.channel == channel)
    asked = [
        event.cause
        for event in exchange.said
        if isinstance(event, HangUpAsked) and event.channel == channel
    ]
    return asked[0] if asked else gone.cause or 0


async def test_who_is_dialled_comes_with_our_arguments(exchange: Exchange) -> None:
    await _answered(exchange, "op-1")
    found = {channel.id: channel for channel in await exchange.ari.channels()}
    assert found["op-1"].ours
    assert found["op-1"].up
    await exchange.others.hang_up()
    assert await _ended(exchange, "op-1") in causes.HUNG_UP


@pytest.mark.parametrize(
    ("manner", "operator", "line"),
    [
        (Manner.BUSY, "busy", "busy"),
        (Manner.REFUSES, "refused", "failed"),
        (Manner.SILENT, "no_answer", "no_answer"),
    ],
)
async def test_who_does_not_come_says_why(
    exchange: Exchange, manner: Manner, operator: str, line: str
) -> None:
    await _dial(exchange, "op-2", manner, most_s=2)
    cause = await _ended(exchange, "op-2")
    assert (causes.of_operator(cause), causes.of_line(cause)) == (operator, line)


async def test_a_ringing_phone_is_listed_and_can_be_given_up(exchange: Exchange) -> None:
    await _dial(exchange, "op-3", Manner.SILENT)
    found = {channel.id: channel for channel in await exchange.ari.channels()}
    assert not found["op-3"].up
    assert not found["op-3"].ours
    await exchange.ari.hang_up("op-3")
    await _ended(exchange, "op-3")


async def test_the_same_channel_is_not_dialled_twice(exchange: Exchange) -> None:
    endpoint = await exchange.others.somebody(Manner.SILENT)
    for _ in range(2):
        await exchange.ari.originate(
            "op-4", endpoint=endpoint, arguments="leg,4", caller="1022", most_s=20
        )
    assert [one.id for one in await exchange.ari.channels()].count("op-4") == 1


async def test_nobody_at_an_endpoint_is_refused_at_once(exchange: Exchange) -> None:
    with pytest.raises(AriError) as refused:
        await exchange.ari.originate(
            "op-5", endpoint="PJSIP/nobody", arguments="leg,5", caller="1022", most_s=20
        )
    assert refused.value.status is not None


async def test_bridges_are_listed_with_who_is_inside(exchange: Exchange) -> None:
    channel, citizen = await exchange.ring()
    await _answered(exchange, "op-6")
    for _ in range(2):
        await exchange.ari.make_bridge("talk-6")
    await exchange.ari.join("talk-6", [channel, "op-6"])
    assert await _inside(exchange, "talk-6") == {channel, "op-6"}
    await exchange.ari.part("talk-6", channel)
    await exchange.ari.part("talk-6", channel)  # no error
    assert await _inside(exchange, "talk-6") == {"op-6"}
    await exchange.ari.join("talk-6", [channel])
    await citizen.hang_up()
    await _ended(exchange, channel)
    assert await _inside(exchange, "talk-6") == {"op-6"}
    await exchange.ari.end_bridge("talk-6")
    await exchange.ari.end_bridge("talk-6")  # no error
    assert await exchange.ari.bridges() == []


async def test_who_leaves_a_bridge_can_hear_music_again(exchange: Exchange) -> None:
    channel, _citizen = await exchange.ring()
    await exchange.ari.make_bridge("talk-7")
    await exchange.ari.join("talk-7", [channel])
    await exchange.ari.part("talk-7", channel)
    await exchange.ari.play(channel, [exchange.media("first")], playback="p-7")
    await exchange.hears(PlaybackOver, lambda event: event.playback == "p-7")


async def test_words_can_be_played_to_one_inside_a_bridge(exchange: Exchange) -> None:
    channel, citizen = await exchange.ring()
    await _answered(exchange, "op-8")
    await exchange.ari.make_bridge("talk-8")
    await exchange.ari.join("talk-8", [channel, "op-8"])
    await exchange.ari.play("op-8", [exchange.media("first")], playback="p-8")
    over = await exchange.hears(PlaybackOver, lambda event: event.playback == "p-8")
    assert (over.channel, over.failed) == ("op-8", False)
    await citizen.press("5")
    await exchange.hears(KeyPressed, lambda event: event.channel == channel)


async def test_a_stopped_playback_makes_way_for_a_bridge(exchange: Exchange) -> None:
    channel, _citizen = await exchange.ring()
    await exchange.ari.play(channel, [exchange.media("long")], playback="p-9")
    await exchange.ari.play(channel, [exchange.media("long")], playback="p-10")
    await exchange.ari.make_bridge("talk-9")
    await exchange.ari.stop_playback("p-10")
    await exchange.ari.stop_playback("p-9")
    await exchange.hears(PlaybackOver, lambda event: event.playback == "p-9")
    await exchange.hears(PlaybackOver, lambda event: event.playback == "p-10")
    await exchange.ari.join("talk-9", [channel])
    assert await _inside(exchange, "talk-9") == {channel}


async def test_nobody_joins_who_is_gone(exchange: Exchange) -> None:
    channel, citizen = await exchange.ring()
    await citizen.hang_up()
    await _ended(exchange, channel)
    await exchange.ari.make_bridge("talk-10")
    with pytest.raises(AriError) as refused:
        await exchange.ari.join("talk-10", [channel])
    assert refused.value.permanent


async def test_who_was_dialled_outlives_the_connection(exchange: Exchange) -> None:
    channel, _citizen = await exchange.ring()
    await _answered(exchange, "op-11")
    await exchange.ari.make_bridge("talk-11")
    await exchange.ari.join("talk-11", [channel, "op-11"])
    await exchange.close()
    await exchange.open()
    assert await _inside(exchange, "talk-11") == {channel, "op-11"}
    await exchange.ari.follow("op-11")
    await exchange.others.hang_up()
    await _ended(exchange, "op-11")


async def _inside(exchange: Exchange, bridge: str) -> set[str]:
    found = {known.id: known.channels for known in await exchange.ari.bridges()}
    return set(found[bridge])
