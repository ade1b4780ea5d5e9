"""The yardstick of ``bench calls`` and ``bench queue``: an Asterisk of the same build, with the
same settings and prompts, that does by its own dialplan what the hotline does."""

import os
import secrets
import subprocess
import time
import wave
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.errors import CannotMeasure
from bench.timeline import Timeline
from bench.verify import LONGER_MOST_S
from launcher import asterisk, asterisk_config, asterisk_prefix, processes
from launcher.asterisk_config import Node
from launcher.processes import Process

DIALLED = "1023"
_MODULES = """
load = app_queue.so
load = app_stack.so
load = app_dial.so
"""
_READY_WITHIN_S = 30.0
_LINE_NICE = -5


class Yardstick:
    """Runs inside ``with``. ``extensions`` is what follows ``exten => 1023,1,`` and so on;
    ``files`` are further configuration files by name, ``more`` is added to those that are."""

    def __init__(
        self,
        folder: Path,
        like: Node,
        *,
        extensions: Sequence[str],
        files: Mapping[str, str] | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._prefix = asterisk_prefix.ensure()
        self._node = replace(
            like,
            folder=folder,
            ari_password=secrets.token_urlsafe(24),
            dialled=(),
            log=folder / "log",
        )
        self._files = dict(files or {})
        self._more = {
            "extensions.conf": "\n[from-outside](+)\n" + "\n".join(extensions) + "\n",
            "modules.conf": _MODULES,
            **(more or {}),
        }

    def __enter__(self) -> Self:
        node = self._node
        asterisk_config.prepare(self._prefix, node)
        etc = node.folder / "etc"
        for name, text in self._more.items():
            with (etc / name).open("a") as file:
                file.write(text)
        for name, text in self._files.items():
            (etc / name).write_text(text)
        node.log_folder.mkdir(parents=True, exist_ok=True)
        with (node.log_folder / "console.log").open("ab") as output:
            self._child = subprocess.Popen(
                asterisk_config.command(self._prefix, node),
                env={**os.environ, **asterisk_config.environment(self._prefix, node)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                umask=0o077,
            )
        _put_first(self._child.pid)
        self.process = Process(self._child.pid, processes.start_time(self._child.pid) or 0)
        deadline = time.monotonic() + _READY_WITHIN_S
        while why := asterisk.answers(
            http_port=node.http_port, user=node.ari_user, password=node.ari_password
        ):
            if self._child.poll() is not None or time.monotonic() > deadline:
                self._stop()
                raise CannotMeasure(f"the yardstick's Asterisk did not come up: {why}")
            time.sleep(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    @property
    def recordings(self) -> Path:
        """Where ``Record`` of these extensions writes."""
        return self._node.recordings

    def _stop(self) -> None:
        processes.stop(self.process, patience_s=5)
        self._child.wait()


def _put_first(pid: int) -> None:
    """As the hotline's own Asterisk runs (launcher.parts)."""
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, pid, _LINE_NICE)


def load_scenario(timeline: Timeline, recordings: Path, *, wait_s: float) -> list[str]:
    """The questions of the timeline as applications of the dialplan."""
    steps = ["Answer()"]
    spoken = 0
    for kind, prompts in timeline.asked:
        said = "&".join(str(prompt) for prompt in prompts)
        if kind == "wait":
            steps.append(f"MusicOnHold(default,{wait_s:g})")
        elif kind == "speech":
            spoken += 1
            steps.append(f"Playback({said})")
            steps.append(f"Record({recordings}/${{UNIQUEID}}-{spoken}.wav,3,60)")
        else:
            steps.append(f"Read(KEY{len(steps)},{said},1,,1,7)")
    steps.append(f"Playback({'&'.join(str(prompt) for prompt in timeline.farewell)})")
    steps.append("Hangup()")
    first, *others = steps
    return [f"exten => {DIALLED},1,{first}", *(f" same => n,{step}" for step in others)]


def count_whole(recordings: Path, *, talks_s: Sequence[float]) -> int:
    """Calls with every answer recorded to its full length; the recordings are removed."""
    calls: dict[str, int] = {}
    for file in recordings.glob("*.wav"):
        call, _, spoken = file.stem.rpartition("-")
        with wave.open(str(file)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
        said_s = talks_s[int(spoken) - 1]
        calls[call] = calls.get(call, 0) + (said_s - 0.1 <= seconds <= said_s + LONGER_MOST_S)
        file.unlink()
    return sum(count == len(talks_s) for count in calls.values())
