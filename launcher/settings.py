"""The settings of an installation, read loudly.

They come from the environment or from ``settings.env`` in the state folder (KEY=VALUE, one
a line; the environment wins). docs/operations.md explains each, and a test holds the two
lists together. A name that is not known is an error that names the nearest known one.
"""

import difflib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from launcher import settings_phone
from launcher.asterisk_sections import Trunk
from launcher.errors import NotPossibleError

DEFAULT_CITY = "hcmc-2021"
RTP_OFFSET = 200
RTP_PORTS = 2000

# name -> default, as it would be written in the environment
DEFAULTS: Mapping[str, str] = {
    "DATABASE_URL": "",
    "HOTLINE_BIND": "127.0.0.1",
    "HOTLINE_CITIES_DIR": "",
    "HOTLINE_CITY": "",
    "HOTLINE_DEBIAN_MIRROR": "",
    "HOTLINE_DEMO": "",
    "HOTLINE_DIALLED": "1022",
    "HOTLINE_MAX_CALLS": "300",
    "HOTLINE_MAX_CALLS_PER_S": "20",
    "HOTLINE_PHONE": "1",
    "HOTLINE_PORT_BASE": "10220",
    "HOTLINE_PUBLIC_URL": "",
    "HOTLINE_SIP_ALLOW": "",
    "HOTLINE_SIP_BIND": "",
    "HOTLINE_SIP_EXTERNAL_ADDRESS": "",
    "HOTLINE_STATE": "",
    "HOTLINE_TEXT_TO_SPEECH": "",
    "HOTLINE_TLS_CERT": "",
    "HOTLINE_TLS_KEY": "",
    "HOTLINE_TRUNK": "",
    "HOTLINE_TRUNK_ALLOW": "",
    "HOTLINE_TRUNK_CALLER": "1022",
    "HOTLINE_TRUNK_PASSWORD": "",
    "HOTLINE_TRUNK_USER": "",
}
# What the launcher makes for the processes (launcher/environment.py) or the tests for
# themselves; seen when a command runs inside such an environment, and overridden then.
MADE = frozenset(
    {
        "HOTLINE_ARI_PASSWORD",
        "HOTLINE_ARI_URL",
        "HOTLINE_ARI_USER",
        "HOTLINE_LIVE_URL",
        "HOTLINE_MEDIA_DIR",
        "HOTLINE_MISSED_DIR",
        "HOTLINE_PROMPTS_DIR",
        "HOTLINE_RECORDINGS_DIR",
        "HOTLINE_SECRETS",
        "HOTLINE_TEST_ASTERISK",
        "HOTLINE_TEST_LONG",
    }
)
_PATHS = ("HOTLINE_CITIES_DIR", "HOTLINE_TLS_CERT", "HOTLINE_TLS_KEY")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One installation's settings, checked. ``sip_allow``: networks of the carriers;
    ``trunk_allow``: numbers and patterns that may be dialled."""

    database_url: str | None
    bind: str
    cities: Path
    city: str
    debian_mirror: str | None
    demo: bool
    dialled: tuple[str, ...]
    max_calls: int
    max_calls_per_s: int
    phone: bool
    port_base: int
    public_url: str
    sip_allow: tuple[str, ...]
    sip_bind: str
    sip_external: str
    text_to_speech: str | None
    tls_cert: Path | None
    tls_key: Path | None
    trunk: Trunk
    trunk_allow: tuple[str, ...]

    @property
    def web_url(self) -> str:
        """Where this machine itself reaches the web part."""
        scheme = "https" if self.tls_cert else "http"
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.bind, self.bind)  # noqa: S104
        return f"{scheme}://{host}:{self.port_base}"


def given(environ: Mapping[str, str], file: Path) -> dict[str, str]:
    """What the person set, by name: the file's lines, then the environment over them.

    Raises NotPossibleError for an unknown name or a line that cannot be read.
    """
    values = _from_file(file)
    for name, value in environ.items():
        if name in DEFAULTS or name.startswith("HOTLINE_"):
            _known(name, where="the environment")
            if name not in MADE and value:
                values[name] = value
    for name in _PATHS:
        # a later command may be typed in another folder
        if values.get(name):
            values[name] = str(Path(values[name]).expanduser().resolve())
    return values


def check(values: Mapping[str, str], *, checkout: Path) -> Settings:
    """Settings of what was given. Raises NotPossibleError with a sentence for each mistake kind."""
    text = {**DEFAULTS, **values}
    bind = _address("HOTLINE_BIND", text["HOTLINE_BIND"])
    loopback = ipaddress.ip_address(bind).is_loopback
    max_calls = _integer("HOTLINE_MAX_CALLS", text["HOTLINE_MAX_CALLS"], least=1, most=5000)
    highest = 65535 - RTP_OFFSET - max(RTP_PORTS, 4 * max_calls)
    port_base = _integer("HOTLINE_PORT_BASE", text["HOTLINE_PORT_BASE"], least=1024, most=highest)
    cert, key = _tls(text)
    # known passwords on a page that others reach must be asked for
    demo = _flag("HOTLINE_DEMO", text["HOTLINE_DEMO"] or ("1" if loopback else "0"))
    trunk = settings_phone.trunk(text, demo=demo)
    return Settings(
        database_url=text["DATABASE_URL"] or None,
        bind=bind,
        cities=Path(text["HOTLINE_CITIES_DIR"] or checkout / "cities"),
        city=text["HOTLINE_CITY"] or DEFAULT_CITY,
        debian_mirror=text["HOTLINE_DEBIAN_MIRROR"] or None,
        demo=demo,
        dialled=settings_phone.dialled(text["HOTLINE_DIALLED"]),
        max_calls=max_calls,
        max_calls_per_s=_integer(
            "HOTLINE_MAX_CALLS_PER_S", text["HOTLINE_MAX_CALLS_PER_S"], least=0, most=1000
        ),
        phone=_flag("HOTLINE_PHONE", text["HOTLINE_PHONE"]),
        port_base=port_base,
        public_url=_public_url(
            text["HOTLINE_PUBLIC_URL"], loopback=loopback, tls=bool(cert), port=port_base
        ),
        sip_allow=tuple(
            _network("HOTLINE_SIP_ALLOW", part) for part in text["HOTLINE_SIP_ALLOW"].split()
        ),
        sip_bind=_address("HOTLINE_SIP_BIND", text["HOTLINE_SIP_BIND"] or bind),
        sip_external=_external(text["HOTLINE_SIP_EXTERNAL_ADDRESS"]),
        text_to_speech=text["HOTLINE_TEXT_TO_SPEECH"] or None,
        tls_cert=cert,
        tls_key=key,
        trunk=trunk,
        trunk_allow=settings_phone.allow(text, trunk),
    )


def _from_file(file: Path) -> dict[str, str]:
    values: dict[str, str] = {}
    if not file.exists():
        return values
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.partition("=")
        name, value = name.strip(), value.strip()
        where = f"{file}, line {number}"
        if not equals:
            raise NotPossibleError(f"{where}: this is not KEY=VALUE: {stripped}")
        _known(name, where=where)
        if name in MADE or name == "HOTLINE_STATE":
            raise NotPossibleError(f"{where}: {name} cannot be set here")
        if name in values:
            raise NotPossibleError(f"{where}: {name} is set twice")
        values[name] = value
    return values


def _known(name: str, *, where: str) -> None:
    if name in DEFAULTS or name in MADE:
        return
    near = difflib.get_close_matches(name, DEFAULTS, n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise NotPossibleError(f"{where}: there is no setting {name}{hint} (docs/operations.md)")


def _integer(name: str, value: str, *, least: int, most: int) -> int:
    if not value.isdecimal() or not least <= int(value) <= most:
        raise NotPossibleError(
            f"{name} must be a whole number from {least} to {most}, not {value!r}"
        )
    return int(value)


def _flag(name: str, value: str) -> bool:
    if value not in {"0", "1"}:
        raise NotPossibleError(f"{name} must be 1 or 0, not {value!r}")
    return value == "1"


def _address(name: str, value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError as error:
        raise NotPossibleError(f"{name} must be an IP address, not {value!r}") from error


def _network(name: str, value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise NotPossibleError(
            f"{name} takes addresses or networks such as 203.0.113.0/24, not {value!r}"
        ) from error


def _external(value: str) -> str:
    return _address("HOTLINE_SIP_EXTERNAL_ADDRESS", value) if value else ""


def _tls(text: Mapping[str, str]) -> tuple[Path | None, Path | None]:
    names = ("HOTLINE_TLS_CERT", "HOTLINE_TLS_KEY")
    if not any(text[name] for name in names):
        return None, None
    for name in names:
        if not text[name] or not Path(text[name]).is_file():
            raise NotPossibleError(
                f"{name} must be a file that exists; HTTPS needs both {' and '.join(names)}"
            )
    return Path(text[names[0]]), Path(text[names[1]])


def _public_url(value: str, *, loopback: bool, tls: bool, port: int) -> str:
    if not value:
        if not loopback:
            raise NotPossibleError(
                "HOTLINE_BIND opens the hotline to others, so HOTLINE_PUBLIC_URL must say "
                "the address that people type, e.g. https://1022.example.org"
            )
        return f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise NotPossibleError(
            f"HOTLINE_PUBLIC_URL must look like https://1022.example.org, not {value!r}"
        )
    return value.rstrip("/")
