"""The commands of ./1022."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from launcher import environment, settings, state, suite, supervision
from launcher.cache import locked
from launcher.down import down, erase
from launcher.errors import LauncherError
from launcher.plan import read_plan
from launcher.progress import say
from launcher.settings import Settings
from launcher.state import CHECKOUT, State
from launcher.status import status
from launcher.up import show, up

# commands that are handed to a module of the processes' Python as they are
_HANDED_ON = {"manage": "hotline.manage", "call": "bench.call"}
_HELP = """\
commands:
  up [--city NAME] [--detach] [--no-phone]   prepare, start, wait until ready
  status [--json]                            each part up or not, and why
  down [--erase]                             stop; with --erase remove all data
  test [--long] [PYTEST ARGUMENTS]           every check and the whole suite
  call [--key 2] [--json] ...                place a real call as a citizen would
  bench calls|queue|replay|faults [--json]   measure, on ports and data of its own
  manage COMMAND ...                         Django's commands, e.g. cases --json

settings: docs/operations.md
"""


def main(arguments: Sequence[str]) -> int:
    """Run a command; returns its exit code (0 done, 1 failed, 2 not possible as asked)."""
    try:
        return _run(list(arguments))
    except LauncherError as error:
        say(str(error))
        return error.exit_code
    except BrokenPipeError:
        # the reader has seen enough (./1022 status | head); Python must not flush again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(arguments: list[str]) -> int:
    where = state.locate(os.environ)
    if arguments and arguments[0] in _HANDED_ON:
        _hand_on(where, _HANDED_ON[arguments[0]], arguments[1:])
    if arguments and arguments[0] == "bench":
        suite.bench(where, arguments[1:])
    given, rest = _parser().parse_known_args(arguments)
    if rest and given.command != "test":
        _parser().error(f"unknown: {' '.join(rest)}")
    if given.command == "up":
        return _up(where, given)
    if given.command == "status":
        return status(where, _last_settings(where), as_json=given.json)
    if given.command == "down":
        down(where)
        if given.erase:
            erase(where)
        return 0
    return suite.run(where, rest, long=given.long)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./1022",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    start = commands.add_parser("up")
    start.add_argument("--city", metavar="NAME", help="folder under cities/; remembered")
    start.add_argument("--detach", action="store_true", help="return when ready")
    start.add_argument("--no-phone", action="store_true", help="without Asterisk; needs no root")
    commands.add_parser("status").add_argument("--json", action="store_true")
    commands.add_parser("down").add_argument("--erase", action="store_true")
    commands.add_parser("test", allow_abbrev=False).add_argument("--long", action="store_true")
    return parser


def _up(where: State, given: argparse.Namespace) -> int:
    values = settings.given(os.environ, where.settings_file)
    if given.city:
        values["HOTLINE_CITY"] = given.city
    elif "HOTLINE_CITY" not in values and (city := (where.last() or {}).get("HOTLINE_CITY")):
        values["HOTLINE_CITY"] = city
    if given.no_phone:
        values["HOTLINE_PHONE"] = "0"
    checked = settings.check(values, checkout=CHECKOUT)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with locked(where.folder / "up.lock"):
            ready = up(where, checked, values)
        show(ready)
        if given.detach:
            return 0
        print("\nCtrl-C stops it.", flush=True)
        return _stay(where)
    except (KeyboardInterrupt, LauncherError) as reason:
        if not given.detach:
            down(where)
        if isinstance(reason, KeyboardInterrupt):
            return 130
        raise


def _stay(where: State) -> int:
    """Until Ctrl-C, SIGTERM, or a ``down`` elsewhere; a killed supervisor is replaced."""
    try:
        while True:
            time.sleep(0.5)
            if supervision.supervisor_of(where):
                continue
            parts = read_plan(where.supervisor)
            if not parts:
                say("Stopped by ./1022 down.")
                return 0
            say("The supervisor was killed; starting it again.")
            supervision.hand_over(where, parts)
    except KeyboardInterrupt:
        down(where)
        return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _last_settings(where: State) -> Settings:
    """What runs was started with; before the first ``up``, what would be."""
    values = where.last()
    if values is None:
        values = settings.given(os.environ, where.settings_file)
    return settings.check(values, checkout=CHECKOUT)


def _hand_on(where: State, module: str, arguments: list[str]) -> NoReturn:
    """Become ``python -m module`` in the environment of what runs."""
    state.need_prepared(where)
    made = environment.made(_last_settings(where), where, state.read_secrets(where))
    python = str(where.venv / "bin" / "python")
    sys.stdout.flush()
    os.execve(  # noqa: S606  # no shell: the arguments go on as they are
        python, [python, "-P", "-m", module, *arguments], {**os.environ, **made}
    )
