"""Writes down what a real Asterisk says during calls, for tests that play it to a switchboard
again: ``python -m tests.phone.record_events`` makes ``tests/payloads/asterisk/*.jsonl`` anew.

One line an event: ``after_s`` since the first, ``said`` as Asterisk said it, with the fields that
nothing reads taken out. The numbers of callers are made up.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.phone.rig import CHECKOUT, Rig

PAYLOADS = CHECKOUT / "tests" / "payloads" / "asterisk"
KEPT = {
    *("type", "application", "channel", "playback", "recording", "args", "digit", "cause"),
    *("id", "state", "caller", "number", "name", "media_uri", "target_uri", "duration"),
    *("talking_duration", "silence_duration", "next_media_uri", "dialplan", "app_name", "app_data"),
}


class RecordedRig(Rig):
    """Its switchboard writes down what it hears."""

    @property
    def heard(self) -> Path:
        return self.folder / "events.jsonl"

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "RECORD_EVENTS": str(self.heard), "HOTLINE_TRUNK": "demo"}

    def start(self, name: str) -> None:
        super().start(name)
        if name != "switchboard":
            return
        self.kill(name)
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", "tests.phone.recorded_switchboard"],
            env=self.environment,
            cwd=CHECKOUT,
            stdout=self._log,
            stderr=self._log,
        )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hotline-record-") as folder:
        Path(folder).chmod(0o711)
        rig = RecordedRig(Path(folder))
        try:
            rig.build()
            os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
            asyncio.run(_record(rig))
        finally:
            rig.tear_down()


async def _record(rig: RecordedRig) -> None:
    import django

    django.setup()
    from django.db import connections

    connections["default"].settings_dict.update(rig.django_database())
    from tests.phone import recorded_stories

    for name, story in recorded_stories.STORIES.items():
        await _write(rig, name, story)


async def _write(rig: RecordedRig, name: str, story: Callable[[Rig], Awaitable[None]]) -> None:
    before = rig.heard.stat().st_size if rig.heard.exists() else 0
    await story(rig)
    await asyncio.sleep(3)
    with rig.heard.open() as file:
        file.seek(before)
        lines = [json.loads(line) for line in file]
    events = [line for line in lines if line["said"].get("type") != "RESTResponse"]
    PAYLOADS.mkdir(parents=True, exist_ok=True)
    with (PAYLOADS / f"{name}.jsonl").open("w") as out:
        for event in events:
            after_s = round(event["at"] - events[0]["at"], 3)
            said = _slim(event["said"], str(rig.folder))
            out.write(json.dumps({"after_s": after_s, "said": said}, ensure_ascii=False) + "\n")
    print(f"{name}: {len(events)} events", file=sys.stderr)


def _slim(value: Any, folder: str) -> Any:
    if isinstance(value, dict):
        return {key: _slim(inner, folder) for key, inner in value.items() if key in KEPT}
    if isinstance(value, list):
        return [_slim(inner, folder) for inner in value]
    if isinstance(value, str) and folder in value:
        return "sound:" + Path(value).name  # no path of the machine that recorded
    return value


if __name__ == "__main__":
    main()
