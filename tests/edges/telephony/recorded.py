"""An Asterisk that says again what a real one said (``tests/payloads/asterisk``), in virtual
time. What it is asked for is granted; the ids that the switchboard makes stand in for those of
the recording, in their order."""

import asyncio
import json
import re
import struct
import wave
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from bench.faults_asterisk import FaultyAsterisk
from bench.faults_plan import Plan

PAYLOADS = Path(__file__).parents[2] / "payloads" / "asterisk"

WAITS_MOST_S = 30.0
"""So long an event waits for what it answers: it cannot come before that was asked for."""
_MADE = {
    "op": re.compile(r"op-[0-9a-f-]{36}"),
    "leg": re.compile(r"leg-[0-9a-f-]{36}"),
    "recording": re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}-\d+-\d+"),
}


class RecordedAsterisk(FaultyAsterisk):
    """``play`` says everything of one recording; ``seed`` may repeat and delay some of it."""

    def __init__(self, folder: Path, plan: Plan, name: str, **more: Any) -> None:
        super().__init__(folder, plan, **more)
        lines = (PAYLOADS / f"{name}.jsonl").read_text().splitlines()
        self.events: list[tuple[float, dict[str, Any]]] = [
            (line["after_s"], line["said"]) for line in map(json.loads, lines)
        ]
        self._made: defaultdict[str, list[str]] = defaultdict(list)
        self._recorded: defaultdict[str, list[str]] = defaultdict(list)
        self._alive: dict[str, dict[str, Any]] = {}
        self._asked = asyncio.Event()
        for _after_s, said in self.events:
            self._learn(self._recorded, json.dumps(said))

    def _learn(self, known: defaultdict[str, list[str]], text: str) -> None:
        for kind, pattern in _MADE.items():
            for found in pattern.findall(text):
                if found not in known[kind]:
                    known[kind].append(found)

    async def play(self, random: Random | None = None) -> None:
        """In the recording's own time; ``random`` doubles some events, and bunches others."""
        clock = asyncio.get_running_loop().time
        began = clock()
        for after_s, said in self.events:
            if random is None or random.random() < 0.7:
                await asyncio.sleep(max(0.0, began + after_s - clock()))
            await self._until_asked(said)
            event = self._translated(said)
            self._happens(event)
            self._emit(event)
            if random is not None and random.random() < 0.1:
                self._emit(event)

    async def _until_asked(self, said: Mapping[str, Any]) -> None:
        until = asyncio.get_running_loop().time() + WAITS_MOST_S
        while self._unknown(said) and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.05)

    def _unknown(self, said: Mapping[str, Any]) -> bool:
        text = json.dumps(said)
        return any(
            self._recorded[kind].index(found) >= len(self._made[kind])
            for kind, pattern in _MADE.items()
            for found in pattern.findall(text)
        )

    def _translated(self, said: Mapping[str, Any]) -> dict[str, Any]:
        text = json.dumps(said)
        for kind, recorded in self._recorded.items():
            for theirs, ours in zip(recorded, self._made[kind], strict=False):
                text = text.replace(theirs, ours)
                text = text.replace(theirs.partition("-")[2], ours.partition("-")[2])
        translated: dict[str, Any] = json.loads(text)
        return translated

    def _happens(self, event: Mapping[str, Any]) -> None:
        """What is so from now on: who is on the line, what was recorded."""
        channel = event.get("channel", {})
        if event["type"] == "StasisStart":
            self._alive[channel["id"]] = {**channel, "state": "Up"}
        elif event["type"] in {"StasisEnd", "ChannelDestroyed"}:
            self._alive.pop(channel.get("id", ""), None)
        elif event["type"] == "RecordingFinished":
            recording = event["recording"]
            _write(self.ways.folder / f"{recording['name']}.wav", recording.get("duration", 0))

    def _do(self, what: str, given: Mapping[str, Any]) -> Any:
        method, uri = what.split(" ", 1)
        if what == "GET channels":
            return list(self._alive.values())
        if uri.startswith(("applications/", "events/")):
            return super()._do(what, given)
        if found := re.fullmatch(r"channels/([^/]+)", uri):
            if method == "POST":
                self._learn(self._made, found[1])
        elif uri.endswith("/record"):
            self._learn(self._made, given["name"])
        if method == "GET" and uri.startswith(("playbacks/", "recordings/")):
            return super()._do(what, given)
        return [] if method == "GET" or "config" in uri else None


def _write(file: Path, seconds: float) -> None:
    """Somebody speaks for so long."""
    with wave.open(str(file), "wb") as wav:
        wav.setparams((1, 2, 8000, 0, "NONE", ""))
        wav.writeframes(struct.pack("<2h", 8000, -8000) * int(4000 * max(seconds, 1)))
