"""Starting, telling and stopping the supervisor of a state."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from launcher import fingerprint, processes
from launcher.cleaning import clear_children
from launcher.environment import inherited
from launcher.errors import LauncherError, last_lines
from launcher.logs import tail
from launcher.plan import Part, read_children, write_plan
from launcher.processes import Process
from launcher.state import CHECKOUT, State

_STOP_PATIENCE_S = 60.0
_START_PATIENCE_S = 10.0


def supervisor_of(state: State) -> Process | None:
    """The state's supervisor if it lives."""
    path = state.supervisor / "supervisor.json"
    if not path.exists():
        return None
    try:
        own = json.loads(path.read_text())
        process = Process(pid=own["pid"], started=own["started"])
    except (ValueError, KeyError, TypeError):
        return None  # killed while it wrote its very first line
    return process if processes.alive(process) else None


def hand_over(state: State, parts: Sequence[Part]) -> None:
    """Give the plan to the supervisor, starting one when none lives (or an outdated one does).

    Raises LauncherError when it does not start.
    """
    version_file = state.supervisor / "version"
    version = fingerprint.of_folders(CHECKOUT / "launcher")
    running = supervisor_of(state)
    if running and (not version_file.exists() or version_file.read_text() != version):
        stop(state)
        running = None
    write_plan(state.supervisor, parts)
    if running:
        os.kill(running.pid, signal.SIGUSR1)
        return
    log = state.log / "supervisor.log"
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "launcher.supervisor", str(state.supervisor), state.mark],
            env=inherited() | {"PYTHONPATH": str(CHECKOUT)},
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_PATIENCE_S
    while (now := supervisor_of(state)) is None or now.pid != child.pid:
        if child.poll() is not None or time.monotonic() > deadline:
            raise LauncherError(f"The supervisor did not start:\n{last_lines(tail(log))}")
        time.sleep(0.02)
    version_file.write_text(version)
    child.returncode = 0  # it outlives us: known by pid and start time from here on


def wait_running(state: State, part: Part, *, within_s: float) -> bool:
    """Wait until the very part that is asked for has been started (not its predecessor)."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if runs(state, part):
            return True
        time.sleep(0.05)
    return False


def runs(state: State, part: Part) -> bool:
    """Whether this part, as it is asked for, lives now."""
    child = read_children(state.supervisor).get(part.name)
    return bool(child and child.identity == part.identity and processes.alive(child.process))


def running_parts(state: State) -> set[str]:
    """The names of the parts that live now, in whatever form."""
    children = read_children(state.supervisor)
    return {name for name, child in children.items() if processes.alive(child.process)}


def stop(state: State) -> list[str]:
    """Stop everything of this state; returns the names of what was running.

    Also finds the children of a supervisor that was killed. Data stays.
    """
    names = list(read_children(state.supervisor))
    # without a plan, whoever watches the supervisor knows that its end is wanted
    (state.supervisor / "plan.json").unlink(missing_ok=True)
    running = supervisor_of(state)
    if running:
        processes.stop(running, patience_s=_STOP_PATIENCE_S)
        processes.reap(running)
    cleared = clear_children(state.supervisor, mark=state.mark)
    return names if running else cleared
