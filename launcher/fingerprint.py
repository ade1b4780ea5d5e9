"""Fingerprints of folders: what has changed since the processes were started?"""

import hashlib
from pathlib import Path

_IGNORED = {"__pycache__", "node_modules"}
_IGNORED_ENDINGS = {".pyc", ".mo"}


def of_folders(*folders: Path) -> str:
    """A short hash of the names and contents of all files in these folders."""
    told = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if _IGNORED.intersection(path.parts) or path.suffix in _IGNORED_ENDINGS:
                continue
            if path.is_file():
                told.update(str(path.relative_to(folder)).encode())
                told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()[:16]
