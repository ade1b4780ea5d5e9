"""The sections of Asterisk's configuration that some installations have and others have not."""

import fcntl
import ipaddress
import socket
import struct
from dataclasses import dataclass

DEMO = "demo"
_SIOCGIFADDR = 0x8915
"""Linux: the address of an interface, in a struct ifreq."""


@dataclass(frozen=True, kw_only=True)
class Trunk:
    """The way to outside numbers. to: empty (none), ``demo`` (the built-in exchange) or the
    carrier's ``sip:host:port``. caller: the number that those who are called see."""

    to: str = ""
    user: str = ""
    password: str = ""
    caller: str = "1022"


NO_TRUNK = Trunk()


def outside(external: str) -> str:
    """For a transport behind a NAT; empty without one."""
    if not external:
        return ""
    return (
        f"external_signaling_address = {external}\n"
        f"external_media_address = {external}\n"
        "local_net = 127.0.0.0/8\nlocal_net = 10.0.0.0/8\n"
        "local_net = 172.16.0.0/12\nlocal_net = 192.168.0.0/16"
    )


def candidates(*, sip_bind: str, external: str) -> str:
    """Which addresses browsers are offered for their sound, in place of this machine's own."""
    if ipaddress.ip_address(sip_bind).is_loopback:
        return "\n".join(f"{own} => 127.0.0.1" for own in _own_addresses())
    if external:
        # colleagues in the same building use the inner address, everybody else the outer one
        return "\n".join(f"{own} => {external},include_local_address" for own in _own_addresses())
    return ""


def exchange(trunk: Trunk) -> str:
    """What the dialplan adds for the demonstration's outside lines."""
    return "#include exchange.conf" if trunk.to == DEMO else ""


def trunk(trunk: Trunk) -> str:
    """The endpoint through which outside numbers are dialled; empty without a trunk."""
    if not trunk.to:
        return ""
    if trunk.to == DEMO:
        return _endpoint("exchange", trunk, [])
    proof = ["outbound_auth = trunk"] if trunk.user else []
    lines = [
        _endpoint("trunk", trunk, ["aors = trunk", *proof]),
        "\n[trunk]\ntype = aor",
        f"contact = {trunk.to}",
        "qualify_frequency = 60",
    ]
    if trunk.user:
        lines += [
            "\n[trunk]\ntype = auth\nauth_type = userpass",
            f"username = {trunk.user}",
            f"password = {trunk.password}",
        ]
    return "\n".join(lines)


def _endpoint(name: str, trunk: Trunk, more: list[str]) -> str:
    """Nobody calls in as this endpoint: no address and no name is known to be its."""
    return "\n".join(
        [
            f"[{name}]",
            "type = endpoint",
            "identify_by = ip",
            "context = none",
            "disallow = all",
            "allow = alaw,ulaw",
            f"from_user = {trunk.caller}",
            "direct_media = no",
            "rtp_symmetric = yes",
            "force_rport = yes",
            "rewrite_contact = yes",
            "dtmf_mode = auto_info",
            "allow_transfer = no",
            "rtp_timeout = 120",
            "rtp_timeout_hold = 600",
            *more,
        ]
    )


def _own_addresses() -> list[str]:
    """The IPv4 addresses of this machine's interfaces, without loopback."""
    found = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            asked = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, asked)
            except OSError:
                continue  # an interface without an address
            found.add(ipaddress.IPv4Address(answer[20:24]))
    return sorted(str(address) for address in found if not address.is_loopback)
