"""The supervisor with real processes: what dies comes back, what is not ours is left alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher import cleaning, processes, supervision
from launcher.plan import Child, Part, read_children, write_children
from launcher.processes import Process
from launcher.state import State

SLEEPS = "import time\nwhile True: time.sleep(1)"
# a leader with a worker, as a web server has
FORKS = f"import os\nos.fork()\n{SLEEPS}"
STUBBORN = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
{SLEEPS}
"""


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(tmp_path)
    state.create()
    yield state
    supervision.stop(state)


@pytest.fixture
def part(state: State) -> Callable[..., Part]:
    def make(name: str, code: str = SLEEPS, *, stage: int = 2, patience_s: float = 5.0) -> Part:
        return Part(
            name=name,
            command=[sys.executable, "-c", code],
            environment={"HOTLINE_STATE": str(state.folder)},
            stage=stage,
            patience_s=patience_s,
        )

    return make


def child(state: State, name: str) -> Child:
    """The child, once it is there and alive."""
    found: dict[str, Child] = {}

    def lives() -> bool:
        found.update(read_children(state.supervisor))
        return name in found and processes.alive(found[name].process)

    eventually(lives)
    return found[name]


def eventually(condition: Callable[[], object], *, within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "did not come about"
        time.sleep(0.02)


def read(state: State, name: str) -> str:
    """A log; empty until its writer has begun."""
    log = state.log / f"{name}.log"
    return log.read_text() if log.exists() else ""


def test_whoever_is_killed_comes_back(state: State, part: Callable[..., Part]) -> None:
    supervision.hand_over(state, [part("web"), part("worker")])
    web, worker = child(state, "web"), child(state, "worker")
    os.kill(web.pid, signal.SIGKILL)
    eventually(lambda: child(state, "web").pid != web.pid, within_s=3)
    assert child(state, "web").restarts == 1
    assert child(state, "worker") == worker


def test_one_that_ends_by_itself_comes_back_too(state: State, part: Callable[..., Part]) -> None:
    supervision.hand_over(state, [part("worker", "print('done')")])
    eventually(lambda: read(state, "worker").count("done") >= 3)
    # it waits longer each time: 0.1, 0.2, 0.4 s
    eventually(lambda: "again in 0.4 s" in read(state, "supervisor"))
    assert "again in 0.1 s" in read(state, "supervisor")


def test_workers_of_a_killed_leader_go_with_it(state: State, part: Callable[..., Part]) -> None:
    supervision.hand_over(state, [part("web", FORKS)])
    web = child(state, "web")

    def members() -> list[int]:
        return list(processes.group_members(web.pid, mark=state.mark))

    eventually(lambda: len(members()) == 2)
    os.kill(web.pid, signal.SIGKILL)
    eventually(lambda: not members())
    assert child(state, "web").pid != web.pid


def test_a_new_plan_touches_only_what_changed(state: State, part: Callable[..., Part]) -> None:
    supervision.hand_over(state, [part("asterisk"), part("web")])
    asterisk, web = child(state, "asterisk"), child(state, "web")
    changed = part("web", SLEEPS + "  # new code")
    supervision.hand_over(state, [part("asterisk"), changed, part("worker")])
    assert supervision.wait_running(state, changed, within_s=10)
    assert child(state, "asterisk") == asterisk
    assert not processes.alive(web.process)
    worker = child(state, "worker")
    supervision.hand_over(state, [part("asterisk"), changed])
    assert processes.gone(worker.process, within_s=10)


def test_a_lost_terminal_changes_nothing(state: State, part: Callable[..., Part]) -> None:
    supervision.hand_over(state, [part("web")])
    web = child(state, "web")
    supervisor = supervision.supervisor_of(state)
    assert supervisor
    os.kill(supervisor.pid, signal.SIGHUP)
    os.kill(web.pid, signal.SIGKILL)
    eventually(lambda: child(state, "web").pid != web.pid)
    assert supervision.supervisor_of(state) == supervisor


def test_down_stops_the_truth_last_and_kills_the_stubborn(
    state: State, part: Callable[..., Part]
) -> None:
    parts = [part("postgres", stage=0), part("web", STUBBORN, patience_s=0.3)]
    supervision.hand_over(state, parts)
    postgres, web = child(state, "postgres"), child(state, "web")
    eventually(lambda: "deaf" in read(state, "web"))
    assert sorted(supervision.stop(state)) == ["postgres", "web"]
    assert not processes.alive(postgres.process)
    assert not processes.alive(web.process)
    assert "web did not end" in (state.log / "supervisor.log").read_text()
    assert supervision.supervisor_of(state) is None
    assert supervision.stop(state) == []


def test_children_of_a_killed_supervisor_are_found(state: State, part: Callable[..., Part]) -> None:
    supervision.hand_over(state, [part("web", FORKS), part("postgres", stage=0)])
    web, postgres = child(state, "web"), child(state, "postgres")
    _kill_supervisor(state)
    assert processes.alive(web.process)
    supervision.hand_over(state, [part("web", FORKS)])
    eventually(lambda: child(state, "web").pid != web.pid)
    assert not processes.alive(postgres.process)
    again = child(state, "web")
    _kill_supervisor(state)
    assert supervision.stop(state) == ["web"]
    assert not processes.alive(again.process)
    assert not list(processes.group_members(again.pid, mark=state.mark))


def test_a_recycled_pid_is_never_touched(state: State) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEPS]) as stranger:
        started = processes.start_time(stranger.pid)
        assert started is not None
        recycled = Process(pid=stranger.pid, started=started - 100)
        recorded = Child(
            name="web",
            pid=recycled.pid,
            started=recycled.started,
            identity="",
            stop_signal=signal.SIGTERM,
            stage=2,
        )
        write_children(state.supervisor, [recorded])
        assert cleaning.clear_children(state.supervisor, mark=state.mark) == []
        processes.stop(recycled)
        assert stranger.poll() is None
        stranger.kill()


def _kill_supervisor(state: State) -> None:
    supervisor = supervision.supervisor_of(state)
    assert supervisor
    os.kill(supervisor.pid, signal.SIGKILL)
    assert processes.gone(supervisor, within_s=5)
    processes.reap(supervisor)
