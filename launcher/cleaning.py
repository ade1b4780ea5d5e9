"""Clearing away what a supervisor left behind when it was itself killed."""

import contextlib
import os
import signal
from pathlib import Path

from launcher import processes
from launcher.plan import Child, read_children, write_children

_PATIENCE_S = 15.0


def clear_group(group: int, *, mark: str) -> None:
    """Kill what is left of a dead child's process group (workers of a killed web server).

    mark: NAME=value in the environment that only processes of this state have.
    """
    for pid in list(processes.group_members(group, mark=mark)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def clear_children(folder: Path, *, mark: str) -> list[str]:
    """Stop every recorded child that still lives, last stage first; returns their names."""
    children = read_children(folder)
    found = [child for child in children.values() if _lives(child, mark)]
    for child in sorted(found, key=lambda child: -child.stage):
        processes.stop(child.process, with_signal=child.stop_signal, patience_s=_PATIENCE_S)
        clear_group(child.pid, mark=mark)
    write_children(folder, [])
    return [child.name for child in found]


def _lives(child: Child, mark: str) -> bool:
    return processes.alive(child.process) or any(processes.group_members(child.pid, mark=mark))
