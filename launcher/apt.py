"""Debian packages that the hotline needs, installed only when a tool is missing."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from launcher.cache import cache_folder, locked
from launcher.errors import LauncherError, NotPossibleError, last_lines

# tool on the PATH, or shared library -> Debian package that brings it
PACKAGES = {
    "mmdebstrap": "mmdebstrap",
    "espeak-ng": "espeak-ng",
    "sipp": "sip-tester",
    "chromium": "chromium",
    "msgfmt": "gettext",
    "libatomic.so.1": "libatomic1",  # Playwright's driver is linked against it
}
# apt and its tools stand in sbin folders that a user's PATH may lack
_SEARCH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/local/sbin"))


def missing(tools: Iterable[str]) -> list[str]:
    """The tools and libraries among these that this machine lacks."""
    return [tool for tool in tools if not _is_there(tool)]


def _is_there(tool: str) -> bool:
    if ".so." not in tool:
        return shutil.which(tool, path=_SEARCH) is not None
    try:
        ctypes.CDLL(tool)
    except OSError:
        return False
    return True


def ensure(tools: Iterable[str], *, without: str) -> None:
    """Install the packages of the missing tools.

    without: the end of the sentence for a person who may not install, e.g.
    "or start without the phone: ./1022 up --no-phone".
    Raises NotPossibleError without root, sudo or apt; LauncherError when apt fails.
    """
    lacking = missing(tools)
    if not lacking:
        return
    packages = [PACKAGES[tool] for tool in lacking]
    prefix = _as_root(packages, without)
    archives = cache_folder() / "debs"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    with locked(cache_folder() / "apt.lock"):
        # the lists that are there may do; fetching new ones needs the network
        done = _apt_get(prefix, archives, ["install", "-y", "--no-install-recommends", *packages])
        if done.returncode:
            _apt_get(prefix, archives, ["update"])
            done = _apt_get(
                prefix, archives, ["install", "-y", "--no-install-recommends", *packages]
            )
    if done.returncode or missing(lacking):
        raise LauncherError(
            f"apt could not install {', '.join(packages)}:\n{last_lines(done.stdout)}"
        )


def refresh_lists() -> None:
    """``apt-get update``, for what reads apt's lists and found them empty; best effort."""
    if os.geteuid() == 0:
        archives = cache_folder() / "debs"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        _apt_get([], archives, ["update"])


def _as_root(packages: list[str], without: str) -> list[str]:
    names = ", ".join(packages)
    if shutil.which("apt-get", path=_SEARCH) is None:
        raise NotPossibleError(
            f"{names} must be installed by hand: there is no apt here; {without}"
        )
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is not None:
        interactive = sys.stdin is not None and sys.stdin.isatty()
        sudo = ["sudo"] if interactive else ["sudo", "-n"]
        if subprocess.run([*sudo, "true"], stderr=subprocess.DEVNULL).returncode == 0:
            return sudo
    raise NotPossibleError(
        f"Installing {names} needs root or sudo: run this once as root, "
        f"ask for the packages to be installed, {without}"
    )


def _apt_get(
    prefix: list[str], archives: Path, arguments: list[str]
) -> subprocess.CompletedProcess[str]:
    command = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        f"-oDir::Cache::archives={archives}",
        "-oAPT::Keep-Downloaded-Packages=true",
        "-oDPkg::Lock::Timeout=300",
        # the cache folder of a user is closed to apt's own download user
        "-oAPT::Sandbox::User=root",
        *arguments,
    ]
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
