"""What processes cost: CPU seconds, memory and open files of a process and its children."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
# fields of /proc/PID/stat after the command's name
_PARENT, _TIMES = 1, slice(11, 15)


@dataclass(frozen=True, slots=True)
class Usage:
    """Of a whole tree. ``cpu_s`` counts children that have ended and were waited for;
    ``memory_mb`` only what each process has for itself: of what they share, each touches more
    and more, and nothing grows by it (PostgreSQL's buffers)."""

    cpu_s: float
    memory_mb: float
    descriptors: int


def usage(roots: Mapping[str, int]) -> dict[str, Usage]:
    """By name, for the trees under these process ids."""
    stats = _stats()
    children: dict[int, list[int]] = {}
    for pid, fields in stats.items():
        children.setdefault(int(fields[_PARENT]), []).append(pid)
    return {name: _of_tree(pid, stats, children) for name, pid in roots.items()}


def tree(root: int) -> list[int]:
    """The process and everything under it, parents first."""
    parents = {pid: int(fields[_PARENT]) for pid, fields in _stats().items()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _of_tree(root: int, stats: Mapping[int, list[str]], children: Mapping[int, list[int]]) -> Usage:
    cpu_s, memory, descriptors, left = 0.0, 0, 0, [root]
    while left:
        pid = left.pop()
        fields = stats.get(pid)
        if fields is None:
            continue
        cpu_s += sum(int(ticks) for ticks in fields[_TIMES]) / _TICK
        memory += _own_kb(pid)
        descriptors += _open_files(pid)
        left += children.get(pid, [])
    return Usage(cpu_s, memory / 1024, descriptors)


def _stats() -> dict[int, list[str]]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue  # it ended meanwhile
            found[int(entry.name)] = text.rpartition(")")[2].split()
    return found


def _own_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0  # it ended meanwhile
    return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon:")), 0)


def _open_files(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0
