"""The latest figures of each benchmark, for those that build on another's: in the user's cache
folder, since scratch folders are removed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from launcher.cache import cache_folder


def keep_figures(name: str, figures: Mapping[str, object]) -> None:
    kept = _file(name)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({**figures, "measured_at": datetime.now(UTC).isoformat()}))


def latest_figures(name: str) -> Mapping[str, Any] | None:
    """None if this benchmark was never run here."""
    try:
        found: Mapping[str, Any] = json.loads(_file(name).read_text())
    except (OSError, ValueError):
        return None
    return found


def _file(name: str) -> Path:
    return cache_folder() / "bench" / f"{name}.json"
