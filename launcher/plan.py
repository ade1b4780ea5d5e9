"""What the supervisor shall keep running, and what it says about it: two JSON files.

``plan.json`` is written by ``up``; ``children.json`` by the supervisor at each change.
"""

import hashlib
import json
import signal
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from launcher.processes import Process
from launcher.state import write_private


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process to keep alive.

    environment: complete. version: changes when the program behind the same command does.
    stage: parts of a higher stage are stopped first. nice: priority. user: uid and gid to
    run as. patience_s: time between the stop signal and the kill.
    """

    name: str
    command: list[str]
    environment: dict[str, str]
    inherited: dict[str, str] = field(default_factory=dict)
    version: str = ""
    stage: int = 2
    nice: int = 0
    user: tuple[int, int] | None = None
    stop_signal: int = signal.SIGTERM
    patience_s: float = 10.0

    @property
    def identity(self) -> str:
        """Changes whenever a running process no longer is what this part asks for.

        What is inherited from the shell does not count: another terminal is no reason to
        restart the line.
        """
        told = [self.command, self.environment, self.version, self.nice, self.user]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Child:
    """A part that was started. restarts: how often it has been started again."""

    name: str
    pid: int
    started: int
    identity: str
    stop_signal: int
    stage: int
    restarts: int = 0

    @property
    def process(self) -> Process:
        """The process, safe against recycled pids."""
        return Process(pid=self.pid, started=self.started)


def write_plan(folder: Path, parts: Sequence[Part]) -> None:
    """Hand the supervisor its plan; it holds passwords, so 0600."""
    write_private(folder / "plan.json", json.dumps([asdict(part) for part in parts]))


def read_plan(folder: Path) -> list[Part]:
    """The plan; empty when there is none."""
    path = folder / "plan.json"
    rows = json.loads(path.read_text()) if path.exists() else []
    return [Part(**(row | {"user": tuple(row["user"]) if row["user"] else None})) for row in rows]


def write_children(folder: Path, children: Sequence[Child]) -> None:
    """Record who runs, so that whoever comes next can find them."""
    write_private(folder / "children.json", json.dumps([asdict(child) for child in children]))


def read_children(folder: Path) -> dict[str, Child]:
    """Who was running when the supervisor last wrote, by name."""
    path = folder / "children.json"
    rows = json.loads(path.read_text()) if path.exists() else []
    return {row["name"]: Child(**row) for row in rows}
