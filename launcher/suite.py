"""``./1022 test``: every check that a change must pass, the test suite last; ``./1022 bench``."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from launcher import apt, asterisk_prefix, venv
from launcher.errors import LauncherError
from launcher.progress import say, step
from launcher.settings import DEFAULTS, MADE
from launcher.state import CHECKOUT, State

_TOOLS = ("espeak-ng", "sipp", "chromium", "msgfmt", "libatomic.so.1")
_ALONE = "phone or browser"
"""Marks of tests that take place in real time: beside others they would hear and see late."""
_MOST_AT_ONCE = 8
_WITHOUT = "or ask for the machine to be prepared; the suite needs them"


def run(where: State, pytest_arguments: Sequence[str], *, long: bool) -> int:
    """Install what tests need, run the gates, then pytest, whose last line ends the output:
    first what only computes, spread over the cores, then what needs the machine for itself.
    With arguments of one's own one pytest runs everything one after the other.

    long: the long tests and full counts too. The first gate that fails ends the run with 1.
    """
    where.create()
    python = where.folder / "venv-dev"
    with step("what tests need: espeak-ng, sipp, chromium, Asterisk"):
        apt.ensure(_TOOLS, without=_WITHOUT)
        asterisk_prefix.ensure(mirror=os.environ.get("HOTLINE_DEBIAN_MIRROR"))
    with step("Python packages for tests"):
        venv.ensure(python, venv.REQUIREMENTS / "dev.txt")
    variables = _environment(python, long=long)
    for title, command in _gates(python):
        _gate(title, command, variables)
    sys.stderr.flush()
    if pytest_arguments:
        return _pytest(python, variables, *pytest_arguments)
    at_once = str(min(os.cpu_count() or 1, _MOST_AT_ONCE))
    spread = _pytest(python, variables, "-n", at_once, "-m", f"not ({_ALONE})")
    alone = _pytest(python, variables, "-m", _ALONE)
    return spread or alone


def bench(where: State, arguments: Sequence[str]) -> NoReturn:
    """Become the benchmarks' runner, with the tests' packages; needs no running hotline."""
    where.create()
    folder = where.folder / "venv-dev"
    with step("Python packages for benchmarks"):
        venv.ensure(folder, venv.REQUIREMENTS / "dev.txt")
    variables = _environment(folder, long=False)
    del variables["DJANGO_SETTINGS_MODULE"]  # each has a hotline of its own
    python = str(folder / "bin" / "python")
    sys.stdout.flush()
    os.execve(  # noqa: S606  # no shell: the arguments go on as they are
        python, [python, "-P", "-m", "bench.run", *arguments], variables
    )


def _gates(python: Path) -> list[tuple[str, list[str]]]:
    tools = python / "bin"
    code = ["hotline", "launcher", "bench", "tests", "1022"]
    return [
        ("ruff check", [str(tools / "ruff"), "check", *code]),
        ("ruff format", [str(tools / "ruff"), "format", "--check", *code]),
        ("mypy", [str(tools / "mypy")]),
        ("imports go one way", [str(tools / "lint-imports")]),
        ("translations", [str(tools / "python"), "-m", "django", "compile_translations"]),
    ]


def _gate(title: str, command: list[str], variables: Mapping[str, str]) -> None:
    with step(title):
        done = subprocess.run(
            command,
            cwd=CHECKOUT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            say(done.stdout)
            raise LauncherError(f"{title} found mistakes: {' '.join(command[1:])}")


def _pytest(python: Path, variables: Mapping[str, str], *arguments: str) -> int:
    command = [str(python / "bin/python"), "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=variables).returncode


def _environment(python: Path, *, long: bool) -> dict[str, str]:
    """The shell's, without settings of an installation: tests make their own."""
    own = {name for name in {*DEFAULTS, *MADE} if name.startswith("HOTLINE_")}
    variables = {name: value for name, value in os.environ.items() if name not in own}
    variables["PATH"] = os.pathsep.join((str(python / "bin"), os.environ.get("PATH", "")))
    variables |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(CHECKOUT)}
    if long:
        variables["HOTLINE_TEST_LONG"] = "1"
    return variables
