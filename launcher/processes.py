"""Processes by pid *and* start time, so that a recycled pid is never touched."""

import contextlib
import os
import resource
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_FILES = 65_536
"""Open at once by a process: every stream, call and connection is one."""
_STATE, _PGRP, _STARTTIME = 0, 2, 19  # fields of /proc/PID/stat after the command's name


@dataclass(frozen=True)
class Process:
    """pid and the kernel's start time in clock ticks since boot."""

    pid: int
    started: int


def start_time(pid: int) -> int | None:
    """Clock ticks since boot at which this process began; None if it is gone or a zombie."""
    fields = _stat(pid)
    if fields is None or fields[_STATE] in "ZX":
        return None
    return int(fields[_STARTTIME])


def alive(process: Process) -> bool:
    """Whether the very process that was recorded still runs."""
    return start_time(process.pid) == process.started


def stop(process: Process, *, with_signal: int = signal.SIGTERM, patience_s: float = 10.0) -> None:
    """Ask a recorded process to end, wait, then kill it; returns when it is gone."""
    if not alive(process):
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, with_signal)
    if not gone(process, within_s=patience_s):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        gone(process, within_s=5.0)


def open_many_files() -> None:
    """Let this process and its children open as many files as the machine allows, at most
    MOST_FILES; usually it is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def reap(process: Process) -> None:
    """Clear away a dead child of our own: as a zombie its pid would still look taken."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)


def gone(process: Process, *, within_s: float) -> bool:
    """Wait until a process has ended; False if it still lives after that time."""
    deadline = time.monotonic() + within_s
    while alive(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def group_members(group: int, *, mark: str) -> Iterator[int]:
    """Living processes of a process group whose environment holds ``mark``.

    mark: ``NAME=value``. A group's number may be recycled once the group is empty; the
    environment tells our own children from strangers.
    """
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        pid = int(entry.name)
        fields = _stat(pid)
        if fields is None or fields[_STATE] in "ZX" or int(fields[_PGRP]) != group:
            continue
        if mark.encode() in _environment(pid):
            yield pid


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # the command's name stands in brackets and may hold spaces and brackets itself
    return text.rpartition(")")[2].split()
