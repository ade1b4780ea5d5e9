"""The dialplan by itself, on a real Asterisk: what a caller meets when nobody is at the
switchboard, when the node is full, when the number is wrong."""

import asyncio
import math
import socket
import wave
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.phone import g711
from bench.phone.call import RefusedError
from bench.phone.g711 import Codec
from bench.phone.phone import Phone
from launcher import asterisk
from launcher.asterisk import Booted

pytestmark = pytest.mark.phone

RATE = 8000
CAN_TAKE = 2
SPOKEN = {"missed": 440, "missed-number": 554, "missed-thanks": 659}


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booted]:
    """An Asterisk that takes two calls and has no switchboard."""
    folder = tmp_path_factory.mktemp("line")
    booted = asterisk.start_private(folder, _free_base(), max_calls=CAN_TAKE)
    yield booted
    asterisk.halt(folder)


@pytest.fixture
def prompts(line: Booted) -> Callable[[str], bytes]:
    """Writes the prompts of the way out; gives a prompt's content in the call's codec."""
    fixed = Path(line.prompts) / "fixed"
    fixed.mkdir(parents=True, exist_ok=True)
    for name, hz in SPOKEN.items():
        _tone(fixed / name, hz=hz)

    def content(name: str) -> bytes:
        return (fixed / f"{name}.alaw").read_bytes()

    return content


@pytest.fixture
def notes(line: Booted) -> Callable[[], list[str]]:
    """The lines of the one note that was left since the test began."""
    folder = Path(line.missed)
    for old in folder.iterdir():
        old.unlink()

    def read() -> list[str]:
        (note,) = folder.glob("*.call")
        return note.read_text().splitlines()

    return read


def _phone(line: Booted) -> Phone:
    host, port = line.sip.split(":")
    return Phone((host, int(port)))


async def test_a_wrong_number_is_answered_with_404(line: Booted) -> None:
    async with _phone(line) as phone:
        for number in ("1023", "0281022", "911", "drop%20table", "10222"):
            with pytest.raises(RefusedError) as refused:
                await phone.dial(number, caller="0901234567")
            assert refused.value.status == 404, number


async def test_a_call_that_nobody_takes_is_noted_before_the_apology(
    line: Booted, prompts: Callable[[str], bytes], notes: Callable[[], list[str]]
) -> None:
    async with _phone(line) as phone:
        call = await phone.dial(caller="+84901234567", codecs=(Codec.PCMA,))
        first = dict(word.split("=") for word in notes()[0].split())
        assert first["number"] == "+84901234567"
        assert first["dialled"] == "1022"
        assert first["id"]
        assert int(first["time"]) > 0
        await call.hears(prompts("missed"), within_s=5)
        await call.hears(prompts("missed-thanks"), within_s=10)
        assert not call.has_heard(prompts("missed-number"))
        await call.is_hung_up_on(within_s=10)
    await _eventually(lambda: notes()[1:] == ["ended"])


async def test_a_withheld_number_is_asked_for(
    line: Booted, prompts: Callable[[str], bytes], notes: Callable[[], list[str]]
) -> None:
    async with _phone(line) as phone:
        call = await phone.dial(caller=None, codecs=(Codec.PCMA,))
        await call.hears(prompts("missed-number"), within_s=10)
        await call.press("0901234567#")
        await call.hears(prompts("missed-thanks"), within_s=10)
        await call.is_hung_up_on(within_s=10)
    await _eventually(lambda: notes()[-2:] == ["entered=0901234567", "ended"])
    assert "number= " in notes()[0]


async def test_keys_count_although_the_caller_hangs_up_at_once(
    line: Booted, prompts: Callable[[str], bytes], notes: Callable[[], list[str]]
) -> None:
    async with _phone(line) as phone:
        call = await phone.dial(caller=None, codecs=(Codec.PCMA,))
        await call.hears(prompts("missed-number"), within_s=10)
        await call.press("0281234")
        await _eventually(lambda: notes()[-1] == "entered=0281234")
        await call.hang_up()
    await _eventually(lambda: notes()[-2:] == ["entered=0281234", "ended"])


async def test_a_missing_prompt_is_a_tone_and_not_dead_air(
    line: Booted, prompts: Callable[[str], bytes], notes: Callable[[], list[str]]
) -> None:
    fixed = Path(line.prompts) / "fixed"
    for name in SPOKEN:
        for file in fixed.glob(f"{name}.*"):
            file.unlink()
    async with _phone(line) as phone:
        call = await phone.dial(caller="0901234567", codecs=(Codec.PCMA,))
        await call.hears_sound(within_s=3)
        await call.is_hung_up_on(within_s=15)
    assert "number=0901234567 " in notes()[0]


async def test_a_full_node_says_503_and_takes_calls_again(
    line: Booted, prompts: Callable[[str], bytes]
) -> None:
    async with _phone(line) as phone:
        calls = [await phone.dial(caller="0901234567") for _ in range(CAN_TAKE)]
        with pytest.raises(RefusedError) as refused:
            await phone.dial(caller="0901234568")
        assert refused.value.status == 503
        await calls[0].hang_up()
        await _eventually(lambda: _answered(phone))


async def test_more_in_a_second_than_it_can_greet_hear_503(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("second")
    booted = asterisk.start_private(folder, _free_base(), max_calls_per_s=2)
    try:
        async with _phone(booted) as phone:
            dialled = [phone.dial(caller=f"09012345{count:02}") for count in range(12)]
            outcomes = await asyncio.gather(*dialled, return_exceptions=True)
            refused = [one for one in outcomes if isinstance(one, RefusedError)]
            assert {one.status for one in refused} == {503}
            taken = len(outcomes) - len(refused)
            assert 2 <= taken <= 4, "of one second, or of two that met"
            await _eventually(lambda: _answered(phone))
    finally:
        asterisk.halt(folder)


async def _answered(phone: Phone) -> bool:
    try:
        call = await phone.dial(caller="0901234569")
    except RefusedError:
        return False
    await call.hang_up()
    return True


async def _eventually(condition: Callable[[], object], *, within_s: float = 5.0) -> None:
    async with asyncio.timeout(within_s):
        while True:
            met = condition()
            if asyncio.iscoroutine(met):
                met = await met
            if met:
                return
            await asyncio.sleep(0.05)


def _tone(path: Path, *, hz: int, seconds: float = 1.5) -> None:
    sines = (math.sin(2 * math.pi * hz * i / RATE) for i in range(int(RATE * seconds)))
    samples = array("h", (int(8000 * sine) for sine in sines))
    with wave.open(str(path.with_suffix(".wav")), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())
    for codec, ending in ((Codec.PCMA, ".alaw"), (Codec.PCMU, ".ulaw")):
        path.with_suffix(ending).write_bytes(g711.encode(samples, codec))


def _free_base() -> int:
    """A base whose fixed ports are free now."""
    for base in range(21220, 40000, 997):
        try:
            for offset, kind in ((3, socket.SOCK_STREAM), (4, socket.SOCK_DGRAM)):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", base + offset))
        except OSError:
            continue
        return base
    raise RuntimeError("no free ports")
