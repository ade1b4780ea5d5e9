"""The environment of the hotline's processes: one function makes it, for all of them."""

import os
from collections.abc import Mapping

from launcher.postgres import url as postgres_url
from launcher.settings import Settings
from launcher.state import CHECKOUT, State

# What a process may inherit from the shell that typed ./1022
_INHERITED = (
    *("HOME", "LANG", "LC_ALL", "PATH", "SSL_CERT_FILE", "TMPDIR", "TZ", "USER"),
    "XDG_CACHE_HOME",
)
ARI_USER = "hotline"


def inherited(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The few variables of the shell that do not change what the hotline does."""
    source = os.environ if environ is None else environ
    return {name: source[name] for name in _INHERITED if name in source}


def made(settings: Settings, state: State, secrets: Mapping[str, str]) -> dict[str, str]:
    """What Django, the jobs and the switchboard read (hotline/config/env.py)."""
    node = state.asterisk
    values = {
        "DATABASE_URL": settings.database_url
        or postgres_url(settings.port_base + 2, secrets["postgres_password"]),
        "DJANGO_SETTINGS_MODULE": "hotline.config.settings",
        "HOTLINE_STATE": str(state.folder),
        "HOTLINE_SECRETS": str(state.secrets_file),
        "HOTLINE_CITY": settings.city,
        "HOTLINE_CITIES_DIR": str(settings.cities),
        "HOTLINE_PORT_BASE": str(settings.port_base),
        "HOTLINE_BIND": settings.bind,
        "HOTLINE_PUBLIC_URL": settings.public_url,
        "HOTLINE_DEMO": "1" if settings.demo else "0",
        "HOTLINE_PHONE": "1" if settings.phone else "0",
        "HOTLINE_ARI_URL": f"http://127.0.0.1:{settings.port_base + 3}",
        "HOTLINE_ARI_USER": ARI_USER,
        "HOTLINE_ARI_PASSWORD": secrets["ari_password"],
        "HOTLINE_RECORDINGS_DIR": str(node / "spool" / "recording"),
        "HOTLINE_MISSED_DIR": str(node / "missed"),
        "HOTLINE_PROMPTS_DIR": str(state.prompts),
        "HOTLINE_MEDIA_DIR": str(state.media),
        "HOTLINE_MAX_CALLS": str(settings.max_calls),
        "HOTLINE_DIALLED": " ".join(settings.dialled),
        "HOTLINE_TRUNK": settings.trunk.to,
        "HOTLINE_TRUNK_ALLOW": " ".join(settings.trunk_allow),
        "HOTLINE_TRUNK_CALLER": settings.trunk.caller,
        "HOTLINE_LIVE_URL": f"http://127.0.0.1:{settings.port_base + 1}",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUNBUFFERED": "1",
    }
    optional = {
        "HOTLINE_TEXT_TO_SPEECH": settings.text_to_speech,
        "HOTLINE_TLS_CERT": settings.tls_cert,
        "HOTLINE_TLS_KEY": settings.tls_key,
        "HOTLINE_SIP_EXTERNAL_ADDRESS": settings.sip_external,
    }
    return values | {name: str(value) for name, value in optional.items() if value}
