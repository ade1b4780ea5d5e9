"""Which Python the packages are installed for."""

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import venv


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    venv.interpreter.cache_clear()
    yield
    venv.interpreter.cache_clear()


@pytest.mark.parametrize(
    ("built_with", "quick"),
    [("'--enable-shared'", False), ("'--enable-optimizations' '--with-lto'", True), (None, False)],
)
def test_the_systems_python_is_taken_where_ours_was_not_optimised(
    built_with: str | None, quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = venv.Interpreter("/system/python3", "3.11.2 (of the system)")
    monkeypatch.setattr(sysconfig, "get_config_var", lambda _name: built_with)
    monkeypatch.setattr(venv, "system_python", lambda _path: system)
    ours = venv.Interpreter(sys.executable, sys.version)
    assert venv.interpreter() == (ours if quick else system)


def test_without_a_python_of_the_system_ours_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sysconfig, "get_config_var", lambda _name: None)
    monkeypatch.setattr(venv, "SYSTEM", Path("/nowhere/python3"))
    assert venv.interpreter().path == sys.executable


@pytest.mark.parametrize("script", ["exit 1", "echo 3.9; exit 1", "kill -9 $$"])
def test_one_that_is_too_old_or_can_make_no_venv_is_not_taken(script: str, tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    assert venv.system_python(python) is None


def test_one_that_can_says_which_it_is() -> None:
    found = venv.system_python(Path(sys.executable))
    assert found == venv.Interpreter(sys.executable, sys.version)
