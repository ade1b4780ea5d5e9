"""Asterisk's configuration: the templates of ``asterisk/`` filled in for one node."""

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from launcher.asterisk_prefix import Prefix
from launcher.asterisk_sections import NO_TRUNK, Trunk, candidates, exchange, outside, trunk
from launcher.errors import LauncherError

TEMPLATES = Path(__file__).parent.parent / "asterisk"
RTP_PORTS = 2000
# Whoever calls from this machine is welcome, but for the upper half of its own addresses:
# from there the web part passes on what browsers of strangers say (hotline/config/passing.py).
THIS_MACHINE = "127.0.0.0/9"
_PLACEHOLDER = re.compile(r"@([A-Z_]+)@")
# unix socket paths end at 108 characters; room for "/asterisk.ctl"
_LONGEST_RUN_FOLDER = 90
# parts of Asterisk that warn when they find no file of their own
_QUIET = (
    *("acl", "ccss", "cel", "cli", "cli_permissions", "codecs", "dnsmgr", "dsp", "features"),
    *("manager", "pjproject", "stasis", "udptl", "websocket_client"),
)


@dataclass(frozen=True, kw_only=True)
class Node:
    """One Asterisk node.

    folder: everything that is this node's, created by prepare(). prompts: where the
    rendered prompts stand. port_base: as HOTLINE_PORT_BASE. sip_bind: address for SIP.
    external: address that carriers see, or empty. allow: addresses or networks of the
    carriers. dialled: Asterisk extensions or patterns that are answered. trunk: the way out.
    max_calls: taken at once; max_calls_per_s: taken in one second, 0: as many as come.
    """

    folder: Path
    prompts: Path
    port_base: int
    ari_password: str
    ari_user: str = "hotline"
    sip_bind: str = "127.0.0.1"
    external: str = ""
    allow: tuple[str, ...] = ()
    dialled: tuple[str, ...] = ("1022",)
    trunk: Trunk = NO_TRUNK
    max_calls: int = 300
    max_calls_per_s: int = 0
    log: Path | None = None

    @property
    def http_port(self) -> int:
        """ARI, on loopback."""
        return self.port_base + 3

    @property
    def sip_port(self) -> int:
        """SIP over UDP and TCP."""
        return self.port_base + 4

    @property
    def recordings(self) -> Path:
        """Where ARI writes recordings."""
        return self.folder / "spool" / "recording"

    @property
    def missed(self) -> Path:
        """Where the dialplan's way out leaves calls that no switchboard took."""
        return self.folder / "missed"

    @property
    def log_folder(self) -> Path:
        """Where asterisk.log stands."""
        return self.log or self.folder / "log"

    @property
    def run(self) -> Path:
        """The folder of Asterisk's sockets: short, whatever the state's path is."""
        own = self.folder / "run"
        if len(str(own)) <= _LONGEST_RUN_FOLDER:
            return own
        base = Path("/run") if os.geteuid() == 0 else Path(f"/run/user/{os.getuid()}")
        if not os.access(base, os.W_OK):
            base = Path(tempfile.gettempdir())
        mark = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return base / f"hotline1022-{mark}"


def prepare(prefix: Prefix, node: Node) -> None:
    """Create the node's folders and write its configuration; safe to repeat."""
    for folder in (node.recordings, node.missed, node.log_folder, node.folder / "var" / "cache"):
        _private(folder)
    _private(node.run)
    _link_data(prefix, node)
    etc = node.folder / "etc"
    _private(etc)
    values = _values(prefix, node)
    for template in sorted(TEMPLATES.glob("*.conf.in")):
        _write(etc / template.name.removesuffix(".in"), _fill(template, values))
    for name in _QUIET:
        shutil.copyfile(etc / "quiet.conf", etc / f"{name}.conf")
    _write(etc / "openssl.cnf", "# the prefix's own libraries, not the host's settings\n")


def command(prefix: Prefix, node: Node) -> list[str]:
    """How to run the node in the foreground."""
    return [*prefix.command(), "-f", "-C", str(node.folder / "etc" / "asterisk.conf")]


def environment(prefix: Prefix, node: Node) -> dict[str, str]:
    """What the prefix needs in its environment, to be added to the common one."""
    return {
        "OPENSSL_CONF": str(node.folder / "etc" / "openssl.cnf"),
        "OPENSSL_MODULES": str(prefix.libraries / "ossl-modules"),
    }


def _values(prefix: Prefix, node: Node) -> dict[str, str]:
    rtp_start = node.port_base + 200
    return {
        "ETC": str(node.folder / "etc"),
        "MODULES": str(prefix.modules),
        "VAR": str(node.folder / "var"),
        "SPOOL": str(node.folder / "spool"),
        "RUN": str(node.run),
        "LOG": str(node.log_folder),
        "PROMPTS": str(node.prompts),
        "MISSED": str(node.missed),
        "HTTP_PORT": str(node.http_port),
        "SIP_BIND": node.sip_bind,
        "SIP_PORT": str(node.sip_port),
        "EXTERNAL": outside(node.external),
        "MATCHES": "\n".join(f"match = {net}" for net in (THIS_MACHINE, *node.allow)),
        "CANDIDATES": candidates(sip_bind=node.sip_bind, external=node.external),
        "TRUNK": trunk(node.trunk),
        "EXCHANGE": exchange(node.trunk),
        "DIALLED": "\n".join(_extension(pattern) for pattern in node.dialled),
        "MAX_CALLS": str(node.max_calls),
        "MAX_CALLS_PER_S": str(node.max_calls_per_s),
        "HARD_MAX_CALLS": str(node.max_calls * 2 + 50),
        "RTP_START": str(rtp_start),
        "RTP_END": str(rtp_start + max(RTP_PORTS, 4 * node.max_calls) - 1),
        "ARI_USER": node.ari_user,
        "ARI_PASSWORD": node.ari_password,
    }


def _extension(pattern: str) -> str:
    return f"exten => {pattern},1,Set(DIALLED=${{EXTEN}})\n same => n,Goto(line,start,1)"


def _fill(template: Path, values: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match.group(1) not in values:
            raise LauncherError(f"{template.name} asks for {match.group(0)}, which nobody sets")
        return values[match.group(1)]

    lines = template.read_text().splitlines()
    # a comment may explain a placeholder without being filled in
    return "".join(
        (line if line.startswith(";") else _PLACEHOLDER.sub(value, line)) + "\n" for line in lines
    )


def _link_data(prefix: Prefix, node: Node) -> None:
    """The data folder of the node: its own database and keys, the prefix's documents."""
    var = node.folder / "var"
    (var / "keys" / "keys").mkdir(parents=True, exist_ok=True)
    links = {name: prefix.data / name for name in ("documentation", "rest-api", "static-http")}
    links["sounds"] = node.prompts / "fixed"  # so that sound:beep is ours
    for name, target in links.items():
        link = var / name
        if link.is_symlink() and link.readlink() != target:
            link.unlink()
        if not link.is_symlink():
            link.symlink_to(target)


def _private(folder: Path) -> None:
    """Create a folder that only we may enter; refuse one that belongs to somebody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise LauncherError(f"{folder} belongs to another user; remove it and try again")
    folder.chmod(0o700)


def _write(path: Path, text: str) -> None:
    """Replace a file in one move; 0600, for ari.conf holds a password."""
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.chmod(0o600)
    fresh.write_text(text)
    fresh.replace(path)
