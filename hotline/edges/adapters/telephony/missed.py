"""Notes that the dialplan left of calls that nobody could take (asterisk/extensions.conf.in).

One file a call, one thing a line:

    id=<unique id> time=<unix seconds> number=<digits and + or nothing> dialled=<number>
    entered=<digits>     the caller withheld the number and keyed one in
    ended                the caller is gone; nothing follows
"""

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)

OLD_S = 120.0
"""A note without an end that is older than this was left by an Asterisk that died."""
_FIRST = re.compile(
    r"id=(?P<id>[\w.:-]{1,80}) time=(?P<time>\d{1,12}) number=(?P<number>[\d+]*) .*"
)


@dataclass(frozen=True, slots=True)
class Note:
    """``number`` as the caller has it, None if it is not known."""

    file: Path
    unique_id: str
    at: datetime
    number: str | None


def notes(folder: Path) -> Iterator[Note]:
    """The notes that are finished. One that cannot be read is set aside, for somebody to
    look at: its name then ends in ``.unreadable``."""
    for file in sorted(folder.glob("*.call")):
        try:
            lines = file.read_text(errors="replace").splitlines()
            finished = "ended" in lines or time.time() - file.stat().st_mtime > OLD_S
        except OSError:
            continue
        if not finished:
            continue
        if note := _read(file, lines):
            yield note
        else:
            log.error("a note of a missed call cannot be read: %s", file.name)
            file.rename(file.with_name(f"{file.name}.unreadable"))


def _read(file: Path, lines: list[str]) -> Note | None:
    first = _FIRST.fullmatch(lines[0]) if lines else None
    if first is None:
        return None
    entered = [line.removeprefix("entered=") for line in lines if line.startswith("entered=")]
    try:
        at = datetime.fromtimestamp(int(first["time"]), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    number = first["number"] or (entered[-1] if entered else "")
    return Note(file, first["id"], at, number or None)
