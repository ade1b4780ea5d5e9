"""The fake Asterisk and the real one, in turn."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bench.phone import g711
from bench.phone.g711 import Codec
from bench.phone.phone import Phone
from hotline.edges.adapters.telephony.fake.server import FakeAsterisk
from hotline.edges.adapters.telephony.spool import Spool
from launcher import asterisk
from tests.contracts.exchange import PROMPT_S, Citizen, Exchange, RealCitizen, tone
from tests.contracts.others import FakeOthers, RealOthers
from tests.phone.rig import free_base


@pytest.fixture(scope="package")
def real(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("real")
    booted = asterisk.start_private(folder, free_base())
    yield booted
    asterisk.halt(folder)


def _prompts(folder: Path) -> Path:
    for name, hz in (("first", 400), ("second", 700), ("long", 600)):
        sound = g711.encode(tone(10 if name == "long" else PROMPT_S, hz), Codec.PCMA)
        (folder / f"{name}.alaw").write_bytes(sound)
    return folder


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.phone)])
async def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Exchange]:
    if request.param == "fake":
        async with FakeAsterisk(tmp_path, speed=20) as fake:
            here = Exchange(fake.url, "", fake.ring, _prompts(tmp_path), Spool(tmp_path), 20)
            here.others = FakeOthers(fake)
            await here.open()
            yield here
            await here.close()
        return
    booted = request.getfixturevalue("real")
    host, port = booted.sip.split(":")
    async with Phone((host, int(port))) as phone:

        async def ring() -> Citizen:
            return RealCitizen(await phone.dial("1022", caller="0901234567", codecs=[Codec.PCMA]))

        spool = Spool(Path(booted.recordings))
        here = Exchange(booted.ari_url, booted.ari_password, ring, _prompts(tmp_path), spool, 1)
        here.others = RealOthers(host, int(port))
        await here.open()
        yield here
        await here.others.close()
        for bridge in await here.ari.bridges():
            await here.ari.end_bridge(bridge.id)
        for channel in await here.ari.channels():
            await here.ari.hang_up(channel.id)
        await here.close()
