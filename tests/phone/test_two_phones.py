"""Two telephones without an exchange between them."""

import asyncio
import math
from array import array
from collections.abc import AsyncIterator

import pytest

from bench.phone import g711, pitch, sip
from bench.phone.call import Call, RefusedError
from bench.phone.digest import Account
from bench.phone.g711 import Codec
from bench.phone.media import Sound
from bench.phone.phone import Phone
from bench.phone.somebody import Manner, Somebody

WITHIN_S = 5
TONES = (700, 900, 1100)


@pytest.fixture
async def callee() -> AsyncIterator[Phone]:
    async with Phone(("127.0.0.1", 9)) as phone:
        yield phone


@pytest.fixture
async def caller(callee: Phone) -> AsyncIterator[Phone]:
    async with Phone(("127.0.0.1", callee.port)) as phone:
        callee._server = ("127.0.0.1", phone.port)
        yield phone


async def talk(caller: Phone, somebody: Somebody) -> tuple[Call, Call]:
    here = await caller.dial("115", caller="0901234567")
    return here, await somebody.next_call(within_s=WITHIN_S)


async def test_they_hear_each_others_tone_until_one_hangs_up(caller: Phone, callee: Phone) -> None:
    async with Somebody(callee, after_s=0, hum_hz=900) as somebody:
        here, there = await talk(caller, somebody)
        assert (there.caller, somebody.rang[0].dialled) == ("0901234567", "115")
        here.hum(700)
        await here.hears_pitches({900}, of=TONES, within_s=WITHIN_S)
        await there.hears_pitches({700}, of=TONES, within_s=WITHIN_S)
        here.hum(0)
        await there.hears_pitches(set(), of=TONES, within_s=WITHIN_S)
        await there.hang_up()
        await here.is_hung_up_on(within_s=WITHIN_S)
        # nothing came for a while: an old tone does not count as heard now
        await asyncio.sleep(0.5)
        assert here.pitches(TONES) == frozenset()


@pytest.mark.parametrize(("manner", "status"), [(Manner.BUSY, 486), (Manner.REFUSES, 603)])
async def test_who_does_not_want_says_so(
    caller: Phone, callee: Phone, manner: Manner, status: int
) -> None:
    async with Somebody(callee, after_s=0, manner=manner) as somebody:
        with pytest.raises(RefusedError) as refused:
            await caller.dial("115")
        assert refused.value.status == status
        assert somebody.calls == []


async def test_somebody_hangs_up_after_their_time(caller: Phone, callee: Phone) -> None:
    async with Somebody(callee, after_s=0, talk_s=0.2) as somebody:
        here, there = await talk(caller, somebody)
        await here.is_hung_up_on(within_s=WITHIN_S)
        assert there.ended.is_set()


async def test_who_is_held_agrees_and_sends_nothing_until_taken_back(
    caller: Phone, callee: Phone
) -> None:
    async with Somebody(callee, after_s=0, hum_hz=900) as somebody:
        here, _there = await talk(caller, somebody)
        await here.hears_pitches({900}, of=TONES, within_s=WITHIN_S)
        for number, direction, tones in ((7, "inactive", set()), (8, "sendrecv", {900})):
            body = sip.offer("127.0.0.1", here.sound.port, [here.sound.codec], direction=direction)
            again = here._dialog.request("INVITE", f"again{number}", number=number, body=body)
            answer = await here._ask(again, patient=True)
            assert answer.status == 200
            assert f"a={direction}" in answer.body
            await here.hears_pitches(tones, of=TONES, within_s=WITHIN_S)


@pytest.mark.parametrize("codec", list(Codec))
def test_a_tone_is_told_from_its_neighbours_and_found_beside_others(codec: Codec) -> None:
    def sines(*tones: int) -> bytes:
        samples = (
            sum(4000 * math.sin(2 * math.pi * hz * i / 8000) for hz in tones) for i in range(3200)
        )
        return g711.encode(array("h", [int(sample) for sample in samples]), codec)

    assert pitch.heard(sines(700), codec, TONES) == {700}
    assert pitch.heard(sines(800), codec, TONES) == frozenset()
    assert pitch.heard(sines(700, 1100), codec, TONES) == {700, 1100}
    assert pitch.heard(codec.silence * 3200, codec, TONES) == frozenset()
    assert pitch.heard(b"", codec, TONES) == frozenset()
    assert abs(pitch.amplitude(sines(700), codec, 700) - 4000) < 200


def test_a_hum_goes_on_between_words() -> None:
    sound = Sound()
    sent: list[bytes] = []
    sound.connection_made(_Wire(sent))  # type: ignore[arg-type]
    sound.begin(sip.Media("127.0.0.1", 4000, Codec.PCMA))
    sound.hum(bytes(range(160)) + bytes(range(160, 0, -1)))
    for _ in range(3):
        sound.tick()
    sound.say(b"\x01" * 160)
    sound.tick()
    bodies = [packet[12:] for packet in sent]
    assert bodies[0] == bodies[2] == bytes(range(160))
    assert bodies[1] == bytes(range(160, 0, -1))
    assert bodies[3] == b"\x01" * 160


def test_a_password_is_proved_as_the_standard_says() -> None:
    """RFC 2617, 3.5, without its client nonce."""
    challenge = (
        'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",'
        ' opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    proof = Account("Mufasa", "CircleOfLife").proof(challenge, "GET", "/dir/index.html")
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in proof
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in proof


class _Wire:
    def __init__(self, sent: list[bytes]) -> None:
        self._sent = sent

    def is_closing(self) -> bool:
        return False

    def sendto(self, data: bytes, _address: tuple[str, int]) -> None:
        self._sent.append(data)
