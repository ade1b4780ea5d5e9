"""Which parts are up, asked of the parts themselves; works when half of them are dead."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from launcher import asterisk, processes
from launcher.environment import ARI_USER
from launcher.plan import read_children, read_plan
from launcher.postgres_wire import why_not_ready
from launcher.settings import Settings
from launcher.state import State
from launcher.supervision import supervisor_of

_TIMEOUT_S = 5.0
_PHONE = ("asterisk", "switchboard")


@dataclass(frozen=True)
class Health:
    """up, and if not one sentence why."""

    up: bool
    why: str = ""


def look(state: State, settings: Settings, secrets: Mapping[str, str]) -> dict[str, Health]:
    """Every part that should run, by name, and whether it does.

    The parts' own word in /healthz counts where the web part answers: a process can live
    and still not work.
    """
    found = {"supervisor": _supervisor(state)}
    names = expected(settings)
    for name in names:
        found[name] = _process(state, name) if name != "postgres" else Health(up=True)
    found["postgres"] = _postgres(settings)
    if found.get("asterisk", Health(up=False)).up:
        why = asterisk.answers(
            http_port=settings.port_base + 3, user=ARI_USER, password=secrets["ari_password"]
        )
        found["asterisk"] = Health(not why, why)
    if found["web"].up:
        found |= _asked(settings, names, found)
    return found


def expected(settings: Settings) -> list[str]:
    """The names of the parts that these settings ask for."""
    return ["postgres", "web", "live", "worker", *(_PHONE if settings.phone else ())]


def _supervisor(state: State) -> Health:
    if supervisor_of(state):
        return Health(up=True)
    return Health(up=False, why="not running: nothing restarts what dies; ./1022 up starts it")


def _process(state: State, name: str) -> Health:
    child = read_children(state.supervisor).get(name)
    if child and processes.alive(child.process):
        return Health(up=True)
    if any(part.name == name for part in read_plan(state.supervisor)):
        return Health(up=False, why=f"its process is not running; see {state.log}/{name}.log")
    return Health(up=False, why="not started")


def _postgres(settings: Settings) -> Health:
    if settings.database_url:
        parts = urlsplit(settings.database_url)
        why = why_not_ready(parts.port or 5432, host=parts.hostname or "127.0.0.1")
    else:
        why = why_not_ready(settings.port_base + 2)
    return Health(not why, why)


def _asked(
    settings: Settings, names: Collection[str], found: Mapping[str, Health]
) -> dict[str, Health]:
    """What /healthz adds to what we found ourselves; a part must be up in both."""
    try:
        answer = _healthz(settings)
    except (OSError, ValueError, TypeError) as error:
        return {"web": Health(up=False, why=f"/healthz does not answer: {error}")}
    told = answer.get("parts")
    merged: dict[str, Health] = {}
    for name, word in told.items() if isinstance(told, dict) else ():
        if name in _PHONE and name not in names:
            continue  # the last word of a line that is no longer asked for
        health = found.get(name, Health(up=True))
        if health.up and isinstance(word, dict):
            merged[name] = Health(up=word.get("up") is True, why=str(word.get("why", "")))
    return merged


def _healthz(settings: Settings) -> dict[str, object]:
    """The JSON of /healthz, whether it comes with 200 or 503."""
    # our own machine asking its own port: the name in the certificate is another one
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    host = urlsplit(settings.public_url).netloc
    request = urllib.request.Request(f"{settings.web_url}/healthz", headers={"Host": host})
    try:
        with opener.open(request, timeout=_TIMEOUT_S) as response:
            body = response.read()
    except urllib.error.HTTPError as error:
        body = error.read()
        if error.code != 503:
            raise OSError(f"status {error.code}") from error
    return dict(json.loads(body))
