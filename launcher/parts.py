"""The processes of a hotline and how each is started."""

import os
import pwd
import resource
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import asterisk_config, fingerprint, music
from launcher.asterisk_config import Node
from launcher.asterisk_prefix import Prefix
from launcher.environment import ARI_USER, inherited
from launcher.plan import Part
from launcher.postgres import Server
from launcher.settings import Settings
from launcher.state import CHECKOUT, State

# stopped in this order: those who take in work, then the line, then the truth
_TAKES_WORK, _LINE, _TRUTH = 2, 1, 0
_LINE_NICE = -5
_MOST_OPEN = 8192


@dataclass(frozen=True)
class Workshop:
    """What parts are made of. environment: see launcher.environment.made."""

    settings: Settings
    state: State
    environment: Mapping[str, str]
    code: str

    def python(self, *arguments: str) -> list[str]:
        """A command of the processes' Python; -P: the folder one stands in does not count."""
        return [str(self.state.venv / "bin" / "python"), "-P", *arguments]

    def ours(self, name: str, command: list[str], *, nice: int = 0) -> Part:
        """A part that runs our own code and is restarted when the code changes."""
        return Part(
            name=name,
            command=command,
            environment=dict(self.environment),
            inherited=inherited(),
            version=self.code,
            stage=_TAKES_WORK,
            nice=nice,
        )


def workshop(settings: Settings, state: State, environment: Mapping[str, str]) -> Workshop:
    """Reads what the code looks like now."""
    code = fingerprint.of_folders(CHECKOUT / "hotline", CHECKOUT / "requirements")
    return Workshop(settings, state, environment, code)


def postgres(shop: Workshop, server: Server) -> Part:
    """The embedded database server."""
    account = pwd.getpwnam(server.user) if server.user else None
    return Part(
        name="postgres",
        command=server.command(),
        environment={"HOTLINE_STATE": str(shop.state.folder)},
        inherited=inherited(),
        stage=_TRUTH,
        user=(account.pw_uid, account.pw_gid) if account else None,
        stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown
        patience_s=30.0,
    )


def asterisk(shop: Workshop, prefix: Prefix, node: Node) -> Part:
    """The media server. Its configuration is written here; a changed one restarts it."""
    asterisk_config.prepare(prefix, node)
    music.ensure(node.prompts / "music")
    return Part(
        name="asterisk",
        command=asterisk_config.command(prefix, node),
        environment=asterisk_config.environment(prefix, node)
        | {"HOTLINE_STATE": str(shop.state.folder)},
        inherited=inherited(),
        version=fingerprint.of_folders(node.folder / "etc"),
        stage=_LINE,
        # sound suffers first when others want the processor
        nice=_LINE_NICE if _may_go_first() else 0,
    )


def _may_go_first() -> bool:
    """Whether we may give a process a higher priority than the usual one."""
    lowest, _ = resource.getrlimit(resource.RLIMIT_NICE)
    return os.geteuid() == 0 or 20 - lowest <= _LINE_NICE


def node_of(shop: Workshop, ari_password: str) -> Node:
    """This state's Asterisk node."""
    settings = shop.settings
    return Node(
        folder=shop.state.asterisk,
        prompts=shop.state.prompts,
        port_base=settings.port_base,
        ari_user=ARI_USER,
        ari_password=ari_password,
        sip_bind=settings.sip_bind,
        external=settings.sip_external,
        allow=settings.sip_allow,
        dialled=settings.dialled,
        trunk=settings.trunk,
        max_calls=settings.max_calls,
        max_calls_per_s=settings.max_calls_per_s,
        log=shop.state.log,
    )


def web(shop: Workshop) -> Part:
    """Pages and API; passes streams on to ``live`` and softphones on to Asterisk."""
    settings = shop.settings
    tls: list[str] = []
    if settings.tls_cert and settings.tls_key:
        tls = ["--ssl-certificate", str(settings.tls_cert), "--ssl-keyfile", str(settings.tls_key)]
    return _served(
        shop,
        "web",
        *("--workers", "2", "--host", settings.bind, "--port", str(settings.port_base)),
        *tls,
        "hotline.config.asgi:application",
    )


def live(shop: Workshop) -> Part:
    """Streams of events; on loopback, the web passes them on."""
    return _served(
        shop,
        "live",
        *("--workers", "1", "--host", "127.0.0.1", "--port", str(shop.settings.port_base + 1)),
        "hotline.config.asgi_live:application",
    )


def _served(shop: Workshop, name: str, *arguments: str) -> Part:
    granian = Path(shop.state.venv) / "bin" / "granian"
    # a stream counts as a request that is worked on, for as long as it is open
    many = ("--backlog", "2048", "--backpressure", str(_MOST_OPEN))
    common = ("--interface", "asgi", "--loop", "uvloop", *many)
    failing = ("--respawn-failed-workers", "--workers-kill-timeout", "5")
    return shop.ours(name, [*shop.python(str(granian)), *common, *failing, *arguments])


def worker(shop: Workshop) -> Part:
    """Jobs; they give way to the line."""
    return shop.ours("worker", shop.python("-m", "hotline.manage", "run_worker"), nice=10)


def switchboard(shop: Workshop) -> Part:
    """The process that drives calls through ARI."""
    return shop.ours("switchboard", shop.python("-m", "hotline.manage", "switchboard"))
