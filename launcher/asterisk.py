"""Asterisk by itself: for tests, and to try the line by hand.

python3 -m launcher.asterisk boot --state DIR --port-base N
python3 -m launcher.asterisk halt --state DIR
"""

import argparse
import base64
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

from launcher import asterisk_config, asterisk_prefix, music, processes
from launcher.asterisk_config import Node
from launcher.asterisk_sections import DEMO, Trunk
from launcher.errors import LauncherError, last_lines

DEMO_TRUNK = Trunk(to=DEMO)


@dataclass(frozen=True)
class Booted:
    """A private Asterisk that answers: what a switchboard and a test need to know."""

    pid: int
    started: int
    ari_url: str
    ari_user: str
    ari_password: str
    sip: str
    recordings: str
    missed: str
    prompts: str
    log: str


def answers(*, http_port: int, user: str, password: str, timeout_s: float = 2.0) -> str:
    """Empty if ARI answers and SIP is loaded, else one sentence why not."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{http_port}/ari/asterisk/modules/chan_pjsip.so"
    )
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    request.add_header("Authorization", f"Basic {token}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout_s) as response:
            state = json.load(response).get("status")
    except urllib.error.HTTPError as error:
        return f"ARI answers {error.code}"
    except (OSError, ValueError) as error:
        return f"ARI does not answer: {error}"
    return "" if state == "Running" else f"SIP is not running but {state}"


def start_private(
    folder: Path,
    port_base: int,
    *,
    prompts: Path | None = None,
    max_calls: int = 300,
    max_calls_per_s: int = 0,
    sip_bind: str = "127.0.0.1",
    ari_password: str | None = None,
    trunk: Trunk = DEMO_TRUNK,
    wait_s: float = 30.0,
) -> Booted:
    """Start an Asterisk that belongs to ``folder`` and wait until it answers.

    Raises LauncherError with the last log lines when it does not come up.
    """
    halt(folder)
    folder.mkdir(parents=True, exist_ok=True)
    prefix = asterisk_prefix.ensure()
    node = Node(
        folder=folder / "asterisk",
        prompts=prompts or folder / "prompts",
        port_base=port_base,
        ari_password=ari_password or secrets.token_urlsafe(24),
        max_calls=max_calls,
        max_calls_per_s=max_calls_per_s,
        sip_bind=sip_bind,
        trunk=trunk,
    )
    asterisk_config.prepare(prefix, node)
    music.ensure(node.prompts / "music")
    log = node.log_folder / "console.log"
    with log.open("a") as output:
        child = subprocess.Popen(
            asterisk_config.command(prefix, node),
            env={**os.environ, **asterisk_config.environment(prefix, node)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            umask=0o077,
            start_new_session=True,
        )
    booted = Booted(
        pid=child.pid,
        started=processes.start_time(child.pid) or 0,
        ari_url=f"http://127.0.0.1:{node.http_port}",
        ari_user=node.ari_user,
        ari_password=node.ari_password,
        sip=f"{sip_bind}:{node.sip_port}",
        recordings=str(node.recordings),
        missed=str(node.missed),
        prompts=str(node.prompts),
        log=str(node.log_folder / "asterisk.log"),
    )
    _note(folder).write_text(json.dumps(asdict(booted)))
    deadline = time.monotonic() + wait_s
    while why := answers(http_port=node.http_port, user=node.ari_user, password=node.ari_password):
        if child.poll() is not None or time.monotonic() > deadline:
            halt(folder)
            raise LauncherError(f"Asterisk did not come up: {why}\n{last_lines(_logs(node, log))}")
        time.sleep(0.05)
    # the handle may go: the process is known by pid and start time from here on
    child.returncode = 0
    return booted


def halt(folder: Path) -> None:
    """Stop the Asterisk that was started for ``folder``; nothing to do is fine."""
    note = _note(folder)
    if not note.exists():
        return
    booted = json.loads(note.read_text())
    process = processes.Process(pid=booted["pid"], started=booted["started"])
    processes.stop(process, patience_s=5)
    processes.reap(process)
    note.unlink(missing_ok=True)


def _note(folder: Path) -> Path:
    return folder / "asterisk-booted.json"


def _logs(node: Node, console: Path) -> str:
    log = node.log_folder / "asterisk.log"
    return "".join(path.read_text(errors="replace") for path in (console, log) if path.exists())


def main(arguments: list[str]) -> int:
    """The two commands above; boot prints what stands in Booted as JSON."""
    parser = argparse.ArgumentParser(prog="python3 -m launcher.asterisk")
    parser.add_argument("what", choices=["boot", "halt"])
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--port-base", type=int, default=10220)
    parser.add_argument("--max-calls", type=int, default=300)
    parser.add_argument("--prompts", type=Path)
    given = parser.parse_args(arguments)
    state = given.state.resolve()
    if given.what == "halt":
        halt(state)
        return 0
    booted = start_private(state, given.port_base, prompts=given.prompts, max_calls=given.max_calls)
    print(json.dumps(asdict(booted)))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LauncherError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
