"""Keeps the hotline's processes alive: ``python3 -m launcher.supervisor FOLDER MARK``.

It reads ``plan.json``, starts what is missing, stops what is no longer asked for, restarts
what has changed or died (after 0.1 s, doubling to 5 s while it keeps dying young), and
writes ``children.json``. A new plan is taken up within half a second, at once on SIGUSR1.
SIGTERM and SIGINT stop everything in order; SIGHUP changes nothing.
"""

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from launcher import logs, processes
from launcher.cleaning import clear_children, clear_group
from launcher.plan import Child, Part, read_plan, write_children
from launcher.state import CHECKOUT, write_private

FIRST_DELAY_S = 0.1
LONGEST_DELAY_S = 5.0
# whoever has lived this long is sound again
SOUND_AFTER_S = 10.0
_TICK_S = 0.5
_ROTATE_EVERY_S = 10.0


@dataclass
class _Running:
    """A part and its process; process is None while it waits for its next start."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    ticks: int = 0
    next_start: float = 0.0
    delay_s: float = FIRST_DELAY_S
    restarts: int = -1


class Supervisor:
    """The loop and the children of one state. ``mark``: see processes.group_members."""

    def __init__(self, folder: Path, mark: str) -> None:
        self._folder = folder
        self._mark = mark
        self._log = folder.parent / "log"
        self._running: dict[str, _Running] = {}
        self._plan_seen: int | None = None
        self._stopping = False
        self._rotated = 0.0

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        wake = self._listen_for_signals()
        processes.open_many_files()
        left = clear_children(self._folder, mark=self._mark)
        if left:
            self._say(f"cleared away what an earlier supervisor left: {', '.join(left)}")
        while not self._stopping:
            self._take_plan()
            self._reap()
            self._start_due()
            self._rotate_logs()
            readable, _, _ = select.select([wake], [], [], self._pause())
            if readable:
                wake.recv(4096)
        self._stop(list(self._running.values()))
        self._record()

    def _listen_for_signals(self) -> socket.socket:
        wake, trigger = socket.socketpair()
        for end in (wake, trigger):
            end.setblocking(False)
        signal.set_wakeup_fd(trigger.fileno(), warn_on_full_buffer=False)
        self._trigger = trigger  # kept open as long as the supervisor lives
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for number in (signal.SIGCHLD, signal.SIGUSR1):
            signal.signal(number, lambda _number, _frame: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        return wake

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _pause(self) -> float:
        waiting = [one.next_start for one in self._running.values() if one.process is None]
        soonest = min(waiting, default=float("inf")) - time.monotonic()
        return max(0.0, min(_TICK_S, soonest))

    def _take_plan(self) -> None:
        """Compare the plan with what runs, when the plan has changed."""
        try:
            seen = (self._folder / "plan.json").stat().st_mtime_ns
        except FileNotFoundError:
            return
        if seen == self._plan_seen:
            return
        parts = {part.name: part for part in read_plan(self._folder)}
        self._plan_seen = seen
        outdated = [
            one
            for name, one in self._running.items()
            if name not in parts or parts[name].identity != one.part.identity
        ]
        self._stop(outdated)
        for one in outdated:
            del self._running[one.part.name]
        for name, part in parts.items():
            self._running.setdefault(name, _Running(part))
        self._record()

    def _reap(self) -> None:
        for one in self._running.values():
            if one.process is None or one.process.poll() is None:
                continue
            lived = time.monotonic() - one.begun
            if lived >= SOUND_AFTER_S:
                one.delay_s = FIRST_DELAY_S
            clear_group(one.process.pid, mark=self._mark)
            self._say(
                f"{one.part.name} ended with {one.process.returncode} after {lived:.1f} s, "
                f"starting it again in {one.delay_s:.1f} s"
            )
            one.process = None
            one.next_start = time.monotonic() + one.delay_s
            one.delay_s = min(one.delay_s * 2, LONGEST_DELAY_S)

    def _start_due(self) -> None:
        now = time.monotonic()
        due = [r for r in self._running.values() if r.process is None and r.next_start <= now]
        for one in due:
            try:
                one.process = _start(one.part, self._log / f"{one.part.name}.log")
            except OSError as error:
                self._say(f"{one.part.name} cannot be started: {error}")
                one.next_start = now + LONGEST_DELAY_S
                continue
            one.begun = now
            one.ticks = processes.start_time(one.process.pid) or 0
            one.restarts += 1
            self._record()

    def _stop(self, ones: list[_Running]) -> None:
        """Stop these, the highest stage first, those of one stage together."""
        for stage in sorted({one.part.stage for one in ones}, reverse=True):
            here = [one for one in ones if one.part.stage == stage and one.process is not None]
            for one in here:
                _signal(one.process, one.part.stop_signal)
            for one in here:
                self._wait_gone(one)

    def _wait_gone(self, one: _Running) -> None:
        process = one.process
        if process is None:
            return
        try:
            process.wait(timeout=one.part.patience_s)
        except subprocess.TimeoutExpired:
            self._say(f"{one.part.name} did not end in {one.part.patience_s:.0f} s: killed")
            _signal(process, signal.SIGKILL)
            process.wait()
        clear_group(process.pid, mark=self._mark)
        one.process = None

    def _record(self) -> None:
        children = [
            Child(
                name=one.part.name,
                pid=one.process.pid,
                started=one.ticks,
                identity=one.part.identity,
                stop_signal=one.part.stop_signal,
                stage=one.part.stage,
                restarts=one.restarts,
            )
            for one in self._running.values()
            if one.process is not None
        ]
        with contextlib.suppress(OSError):  # a full disk must not stop the watch
            write_children(self._folder, children)

    def _rotate_logs(self) -> None:
        if time.monotonic() - self._rotated < _ROTATE_EVERY_S:
            return
        self._rotated = time.monotonic()
        with contextlib.suppress(OSError):
            logs.rotate(self._log)

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError):
            print(f"{time.strftime('%F %T%z')} {text}", flush=True)


def _start(part: Part, log: Path) -> subprocess.Popen[bytes]:
    nice = ["nice", "-n", str(part.nice)] if part.nice else []
    uid, gid = part.user or (None, None)
    with log.open("ab") as output:
        return subprocess.Popen(
            [*nice, *part.command],
            env=part.inherited | part.environment,
            cwd="/" if part.user else CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=uid,
            group=gid,
            extra_groups=[] if part.user else None,
            umask=0o077,
            # a Ctrl-C at the terminal is for the launcher, not for each child
            process_group=0,
        )


def _signal(process: subprocess.Popen[bytes] | None, number: int) -> None:
    if process is not None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)


def main(folder: Path, mark: str) -> int:
    """Run for a state's supervisor folder; 3 when another supervisor already does."""
    with (folder / "supervisor.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 3
        own = {"pid": os.getpid(), "started": processes.start_time(os.getpid())}
        write_private(folder / "supervisor.json", json.dumps(own))
        Supervisor(folder, mark).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
