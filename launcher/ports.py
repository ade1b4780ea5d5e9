"""Whether the ports are ours to take: two programs on one port would answer for each other."""

import socket
from collections.abc import Collection

from launcher.errors import NotPossibleError
from launcher.settings import Settings

_TCP, _UDP = socket.SOCK_STREAM, socket.SOCK_DGRAM


def need_free(settings: Settings, *, running: Collection[str]) -> None:
    """Raises NotPossibleError naming the port that another program has.

    running: parts of this state that live now; their ports are theirs already.
    """
    base = settings.port_base
    wanted = [("web", settings.bind, base, _TCP), ("live", "127.0.0.1", base + 1, _TCP)]
    if not settings.database_url:
        wanted.append(("postgres", "127.0.0.1", base + 2, _TCP))
    if settings.phone:
        wanted.append(("asterisk", "127.0.0.1", base + 3, _TCP))
        wanted += [("asterisk", settings.sip_bind, base + 4, kind) for kind in (_TCP, _UDP)]
    for part, host, port, kind in wanted:
        if part not in running and not _free(host, port, kind):
            raise NotPossibleError(
                f"Port {port} ({part}) is taken by another program; "
                "HOTLINE_PORT_BASE moves all ports of the hotline"
            )


def _free(host: str, port: int, kind: socket.SocketKind) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == _TCP:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
