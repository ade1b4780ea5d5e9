"""Virtual environments with exactly the locked packages, each checked by its hash."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from launcher.cache import cache_folder, locked
from launcher.errors import LauncherError, NotPossibleError, last_lines
from launcher.state import CHECKOUT

REQUIREMENTS = CHECKOUT / "requirements"
SYSTEM = Path("/usr/bin/python3")
OLDEST = (3, 11)
_WHICH = f"import ensurepip, sys, venv; print(sys.version); sys.exit(sys.version_info < {OLDEST})"


def ensure(folder: Path, lock_file: Path) -> bool:
    """Bring a venv to what the lock file says; False when there was nothing to do.

    A second call needs no network. Raises NotPossibleError without python3-venv,
    LauncherError when packages cannot be installed.
    """
    stamp = folder / "locked.sha256"
    python = interpreter()
    wanted = hashlib.sha256(lock_file.read_bytes() + python.version.encode()).hexdigest()
    with locked(folder.with_name(folder.name + ".lock")):
        if stamp.exists() and stamp.read_text() == wanted and (folder / "bin/python").exists():
            return False
        stamp.unlink(missing_ok=True)
        # the processes may be running from it, so a sound one is changed in place
        maker = folder / "made-by"
        if not maker.exists() or maker.read_text() != python.version:
            _create(folder, python)
            maker.write_text(python.version)
        _install(folder, lock_file)
        stamp.write_text(wanted)
    return True


@dataclass(frozen=True)
class Interpreter:
    """``version`` as ``sys.version``: it names the build."""

    path: str
    version: str


@cache
def interpreter() -> Interpreter:
    """What venvs are made of: the Python that runs us, or the system's own where ours was
    built without optimisation, as version managers do by default (a quarter slower)."""
    ours = Interpreter(sys.executable, sys.version)
    if "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""):
        return ours
    return system_python(SYSTEM) or ours


def system_python(path: Path) -> Interpreter | None:
    """If it is there, new enough, and can make venvs."""
    try:
        done = subprocess.run(
            [str(path), "-I", "-c", _WHICH], capture_output=True, text=True, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Interpreter(str(path), done.stdout.strip()) if done.returncode == 0 else None


def site_packages(folder: Path) -> Path:
    """Where a venv keeps its packages."""
    found = sorted((folder / "lib").glob("python3*/site-packages"))
    if not found:
        raise LauncherError(f"{folder} is not a virtual environment: remove it and try again")
    return found[-1]


def _create(folder: Path, python: Interpreter) -> None:
    if folder.exists():
        shutil.rmtree(folder)  # made by another Python, or half made
    done = subprocess.run([python.path, "-m", "venv", str(folder)], capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise NotPossibleError(
            "Python cannot make a virtual environment; on Debian: apt-get install python3-venv\n"
            + last_lines(done.stdout + done.stderr)
        )


def _install(folder: Path, lock_file: Path) -> None:
    python = folder / "bin/python"
    fast = [
        *(str(_uv()), "pip", "sync", "--quiet", "--require-hashes"),
        *("--python", str(python), str(lock_file)),
    ]
    done = subprocess.run(fast, capture_output=True, text=True)
    if done.returncode:
        # pip knows mirrors and certificates from its own configuration, uv does not
        slow = [
            *(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "-r", str(lock_file)),
        ]
        done = subprocess.run(slow, capture_output=True, text=True)
    if done.returncode:
        raise LauncherError(
            f"The packages of {lock_file.name} could not be installed:\n{last_lines(done.stderr)}"
        )


def _uv() -> Path:
    """uv in a venv of its own in the user's cache folder, shared by every checkout."""
    lock_file = REQUIREMENTS / "uv.txt"
    python = interpreter()
    mark = hashlib.sha256(lock_file.read_bytes() + python.version.encode()).hexdigest()[:12]
    folder = cache_folder() / f"uv-{mark}"
    with locked(cache_folder() / "uv.lock"):
        if not (folder / "done").exists():
            _create(folder, python)
            done = subprocess.run(
                [
                    *(str(folder / "bin/python"), "-m", "pip", "install", "--quiet"),
                    *("--disable-pip-version-check", "--require-hashes", "-r", str(lock_file)),
                ],
                capture_output=True,
                text=True,
                env={**os.environ, "PIP_REQUIRE_VIRTUALENV": "0"},
            )
            if done.returncode:
                raise LauncherError(f"pip could not install uv:\n{last_lines(done.stderr)}")
            (folder / "done").touch()
    return folder / "bin" / "uv"
