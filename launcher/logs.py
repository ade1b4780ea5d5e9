"""Logs that never fill the disk."""

import shutil
from pathlib import Path

LARGEST_BYTES = 10 * 1024 * 1024
KEPT = 3


def rotate(folder: Path, *, largest_bytes: int = LARGEST_BYTES) -> None:
    """Shorten each log that has grown too large; ``NAME.log.1`` is the newest old one.

    The writers hold their file open in append mode, so the file is copied and emptied, not
    renamed. A few lines written in between may be lost; a log is not the truth here.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size <= largest_bytes:
            continue
        for number in range(KEPT, 1, -1):
            older = log.with_name(f"{log.name}.{number - 1}")
            if older.exists():
                older.replace(log.with_name(f"{log.name}.{number}"))
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        with log.open("r+") as handle:
            handle.truncate(0)


def tail(log: Path, *, largest_bytes: int = 8192) -> str:
    """The end of a log; empty when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as handle:
        handle.seek(max(0, log.stat().st_size - largest_bytes))
        return handle.read().decode(errors="replace")
