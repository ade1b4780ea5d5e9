"""The environment, read once and loudly: a wrong value stops the start with a sentence."""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

DEMO_TRUNK = "demo"
EVERYTHING = "_X. _+X."
"""What may be dialled through the demonstration's exchange: nobody pays for it."""


class WrongSetting(Exception):
    """A setting is missing or cannot be read; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """``django``: Django's secret key; ``master`` and ``index``: 32 bytes each, for sealing
    personal data and for blind indexes."""

    django: str
    master: bytes
    index: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """Every setting that a process of ours takes from its environment (docs/operations.md)."""

    state: Path
    secrets: Secrets
    database: Mapping[str, str | int]
    city: str
    cities: Path
    port_base: int
    public_url: str
    demo: bool
    phone: bool
    ari_url: str
    ari_user: str
    ari_password: str
    recordings: Path
    prompts: Path
    missed: Path
    media: Path
    max_calls: int
    tls: bool
    trunk: str
    trunk_allow: tuple[str, ...]
    trunk_caller: str
    live_url: str


def read(environ: Mapping[str, str] | None = None) -> Env:
    """Raises WrongSetting."""
    env = os.environ if environ is None else environ
    state = Path(_need(env, "HOTLINE_STATE"))
    port_base = _integer(env, "HOTLINE_PORT_BASE", 10220)
    tls = bool(env.get("HOTLINE_TLS_CERT"))
    scheme = "https" if tls else "http"
    demo = _flag(env, "HOTLINE_DEMO", default=False)
    trunk = env.get("HOTLINE_TRUNK", DEMO_TRUNK if demo else "")
    return Env(
        state=state,
        secrets=_secrets(Path(env.get("HOTLINE_SECRETS", str(state / "secrets.json")))),
        database=_database(_need(env, "DATABASE_URL")),
        city=_need(env, "HOTLINE_CITY"),
        cities=Path(env.get("HOTLINE_CITIES_DIR", str(Path(__file__).parents[2] / "cities"))),
        port_base=port_base,
        public_url=env.get("HOTLINE_PUBLIC_URL") or f"{scheme}://127.0.0.1:{port_base}",
        demo=demo,
        phone=_flag(env, "HOTLINE_PHONE", default=True),
        ari_url=env.get("HOTLINE_ARI_URL", f"http://127.0.0.1:{port_base + 3}"),
        ari_user=env.get("HOTLINE_ARI_USER", "hotline"),
        ari_password=env.get("HOTLINE_ARI_PASSWORD", ""),
        recordings=Path(env.get("HOTLINE_RECORDINGS_DIR", str(state / "recordings"))),
        prompts=Path(env.get("HOTLINE_PROMPTS_DIR", str(state / "prompts"))),
        missed=Path(env.get("HOTLINE_MISSED_DIR", str(state / "missed"))),
        media=Path(env.get("HOTLINE_MEDIA_DIR", str(state / "media"))),
        max_calls=_integer(env, "HOTLINE_MAX_CALLS", 300),
        tls=tls,
        trunk=trunk,
        trunk_allow=tuple(
            env.get("HOTLINE_TRUNK_ALLOW", EVERYTHING if trunk == DEMO_TRUNK else "").split()
        ),
        trunk_caller=env.get("HOTLINE_TRUNK_CALLER", "1022"),
        live_url=env.get("HOTLINE_LIVE_URL", f"http://127.0.0.1:{port_base + 1}"),
    )


def _need(env: Mapping[str, str], name: str) -> str:
    if value := env.get(name):
        return value
    raise WrongSetting(f"{name} is not set. The launcher ./1022 sets it for every process.")


def _integer(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, str(default))
    if not value.isdecimal():
        raise WrongSetting(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise WrongSetting(f"{name} must be 1 or 0, not {value!r}.")
    return value == "1"


def _secrets(path: Path) -> Secrets:
    try:
        content = json.loads(path.read_text())
        return Secrets(
            django=content["django_secret_key"],
            master=base64.b64decode(content["master_key"]),
            index=base64.b64decode(content["index_key"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongSetting(f"The secrets in {path.name} cannot be read: {error!r}") from error


def _database(url: str) -> Mapping[str, str | int]:
    """Django's database settings of ``postgresql://user:password@host:port/name``."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise WrongSetting("DATABASE_URL must look like postgresql://user:password@host:port/name.")
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or 5432,
    }
