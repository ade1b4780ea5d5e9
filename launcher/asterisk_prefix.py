"""Asterisk in a folder of its own, without touching the packages of the host.

Debian's stable releases carry no Asterisk; its development release does. mmdebstrap
unpacks that package with everything it links to into the user's cache folder, and the
prefix runs through its own dynamic loader. Built once (about 30 s, 250 MB); after that
no network is needed.

The mirror is the one that apt on this machine is set up with.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher import apt
from launcher.cache import cache_folder, locked
from launcher.errors import LauncherError, NotPossibleError, last_lines

# 22.9 locks up at about 100 ARI calls a minute (asterisk#1962)
MINIMUM = (22, 10, 1)
SUITE = "sid"
_PROXY_KEYS = re.compile(r'^Acquire::(https?|Retries)(::[\w:.-]+)? "[^"]')


@dataclass(frozen=True)
class Prefix:
    """A complete Asterisk: root of the unpacked tree and its version, e.g. ``22.10.1``."""

    root: Path
    version: str

    @property
    def libraries(self) -> Path:
        """The folder of the shared libraries, e.g. ``usr/lib/x86_64-linux-gnu``."""
        return _only(self.root, "usr/lib/*-linux-gnu*")

    @property
    def modules(self) -> Path:
        """Asterisk's loadable modules."""
        return self.libraries / "asterisk" / "modules"

    @property
    def data(self) -> Path:
        """Asterisk's read-only data: documentation, rest-api, static-http."""
        return self.root / "usr/share/asterisk"

    def command(self) -> list[str]:
        """How to run asterisk with the prefix's own loader and libraries."""
        loader = _only(
            self.root, "usr/lib*/ld-linux-*.so.*", "usr/lib/*-linux-gnu*/ld-linux-*.so.*"
        )
        search = f"{self.libraries}:{self.modules}"
        return [str(loader), "--library-path", search, str(self.root / "usr/sbin/asterisk")]


def find() -> Prefix | None:
    """The newest finished prefix in the cache that is new enough, or None."""
    found = [
        Prefix(folder, folder.name.removeprefix("asterisk-"))
        for folder in cache_folder().glob("asterisk-[0-9]*")
        if (folder / "usr/sbin/asterisk").is_file()
    ]
    usable = [prefix for prefix in found if _numbers(prefix.version) >= MINIMUM]
    return max(usable, key=lambda prefix: _numbers(prefix.version), default=None)


def ensure(*, mirror: str | None = None) -> Prefix:
    """The prefix, built when the cache has none.

    mirror: a Debian mirror's address, for machines whose apt is not set up with Debian.
    Raises NotPossibleError when it may not or cannot be built here, LauncherError when
    building fails. A build that is killed leaves nothing that find() would take.
    """
    with locked(cache_folder() / "asterisk.lock"):
        prefix = find()
        if prefix is not None:
            return prefix
        apt.ensure(["mmdebstrap"], without="or start without the phone: ./1022 up --no-phone")
        return _build(mirror or _mirror_of_apt())


def _build(mirror: str) -> Prefix:
    building = cache_folder() / "asterisk-building"
    _remove(building)
    done = subprocess.run(
        _mmdebstrap(building, mirror),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        _remove(building)
        raise LauncherError(f"Building Asterisk failed:\n{last_lines(done.stdout)}")
    version = _version(Prefix(building, ""))
    if _numbers(version) < MINIMUM:
        wanted = ".".join(map(str, MINIMUM))
        raise NotPossibleError(f"The mirror has Asterisk {version}; {wanted} or later is needed")
    final = cache_folder() / f"asterisk-{version}"
    _remove(final)
    building.rename(final)
    return Prefix(final, version)


def _mmdebstrap(target: Path, mirror: str) -> list[str]:
    options = ['Acquire::Check-Valid-Until "false"', 'APT::Install-Recommends "false"']
    options += _network_options()
    excluded = ("man", "doc", "locale", "info", "lintian")
    return [
        "mmdebstrap",
        "--variant=extract",
        # extracting needs no chroot, so it works without root as well
        "--mode=root" if os.geteuid() == 0 else "--mode=chrootless",
        "--components=main",
        "--include=asterisk",
        *(f"--aptopt={option}" for option in options),
        *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in excluded),
        SUITE,
        str(target),
        mirror,
    ]


def _network_options() -> list[str]:
    """Proxy, certificates and retries of the host's apt, which mmdebstrap does not read itself."""
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True).stdout
    return [line.rstrip(";") for line in dump.splitlines() if _PROXY_KEYS.match(line)]


def _mirror_of_apt() -> str:
    """The address of the Debian mirror in apt's configuration."""
    for attempt in (1, 2):
        rows = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(ORIGIN)|$(SUITE)|$(CREATED_BY)|$(REPO_URI)"],
            capture_output=True,
            text=True,
        ).stdout.splitlines()
        for row in rows:
            origin, suite, kind, address = row.split("|")
            # stable-updates, -security and -backports stand elsewhere or have no asterisk
            if origin == "Debian" and "-" not in suite and kind == "Packages":
                return address
        if attempt == 1:
            apt.refresh_lists()  # a fresh machine has no lists yet
    raise NotPossibleError(
        "apt on this machine knows no Debian mirror: name one in HOTLINE_DEBIAN_MIRROR, "
        "or start without the phone: ./1022 up --no-phone"
    )


def _version(prefix: Prefix) -> str:
    """What ``asterisk -V`` says, e.g. ``22.10.1``; LauncherError if it does not run."""
    done = subprocess.run([*prefix.command(), "-V"], capture_output=True, text=True)
    match = re.search(r"Asterisk (\d+\.\d+\.\d+)", done.stdout)
    if done.returncode or match is None:
        raise LauncherError(f"The Asterisk that was built does not run:\n{last_lines(done.stderr)}")
    return match.group(1)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _only(root: Path, *patterns: str) -> Path:
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            return path
    raise LauncherError(f"The Asterisk in {root} is not complete: remove that folder and try again")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
