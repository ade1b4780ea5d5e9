"""``./1022 status``: each part up or not, and why."""

import json

from launcher.probes import Health, look
from launcher.settings import Settings
from launcher.state import State, read_secrets
from launcher.up import addresses


def status(where: State, settings: Settings, *, as_json: bool) -> int:
    """Print it; 0 if every part is up, else 1. As JSON: one object on one line."""
    secrets = read_secrets(where)
    started = where.last() is not None
    if secrets and started:
        parts = look(where, settings, secrets)
    else:
        parts = {"supervisor": Health(up=False, why="nothing was ever started here: ./1022 up")}
    good = all(health.up for health in parts.values())
    found = addresses(settings) if started else {}
    if as_json:
        told = {name: {"up": health.up, "why": health.why} for name, health in parts.items()}
        print(json.dumps({"ok": good, "parts": told, "addresses": found}, ensure_ascii=False))
        return 0 if good else 1
    for name, health in parts.items():
        print(f"{name:<12} {'up' if health.up else 'DOWN  ' + health.why}")
    print()
    for name, address in found.items():
        print(f"{name:<12} {address}")
    return 0 if good else 1
