"""Notes that the dialplan left of calls that nobody could take (asterisk/extensions.conf.in).

One file a call, one thing a line:

    id=<unique id> time=<unix seconds> number=<digits and + or nothing> dialled=<number>
    entered=<digits>     the caller withheld the number and keyed one in
    ended                the caller is gone; nothing follows
    rang                 left by a switchboard, of a caller whom it could not write down yet
"""

import asyncio
import logging
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hotline.edges.adapters.telephony.desk import Desk

log = logging.getLogger(__name__)

OLD_S = 120.0
"""A note without an end that is older than this was left by an Asterisk that died."""
_FIRST = re.compile(
    r"id=(?P<id>[\w.:-]{1,80}) time=(?P<time>\d{1,12}) number=(?P<number>[\d+]*) .*"
)
_NO_NUMBER = re.compile(r"[^\d+]")


@dataclass(frozen=True, slots=True)
class Note:
    """``number`` as the caller has it, None if it is not known. ``rang``: the caller may be on
    the line still, or be written down by now."""

    file: Path
    unique_id: str
    at: datetime
    number: str | None
    rang: bool = False


def note_ringing(folder: Path, *, unique_id: str, number: str | None, at: datetime) -> Path | None:
    """For whoever comes after a switchboard that dies before it could write the caller down.
    None if no note can be left."""
    first = f"id={unique_id} time={int(at.timestamp())} number={_NO_NUMBER.sub('', number or '')} "
    if _FIRST.fullmatch(first) is None:
        return None
    file = folder / f"rang-{unique_id}.call"
    try:
        file.write_text(f"{first}\nrang\n")
    except OSError as error:
        log.error("a caller could not be noted: %s", error.strerror)
        return None
    return file


def notes(folder: Path) -> Iterator[Note]:
    """The notes that are finished. One that cannot be read is set aside, for somebody to
    look at: its name then ends in ``.unreadable``."""
    for file in sorted(folder.glob("*.call")):
        try:
            lines = file.read_text(errors="replace").splitlines()
            finished = (
                "ended" in lines or "rang" in lines or time.time() - file.stat().st_mtime > OLD_S
            )
        except OSError:
            continue
        if not finished:
            continue
        if note := _read(file, lines):
            yield note
        else:
            log.error("a note of a missed call cannot be read: %s", file.name)
            file.rename(file.with_name(f"{file.name}.unreadable"))


async def take_notes(desk: Desk, folder: Path, *, there: Collection[str]) -> None:
    """Every finished note becomes a call-back, unless its caller is ``there``, on the line.
    Raises DatabaseAway."""
    for note in await asyncio.to_thread(lambda: list(notes(folder))):
        if note.rang and note.unique_id in there:
            continue
        await desk.take_missed(
            unique_id=note.unique_id, number=note.number, at=note.at, unknown=note.rang
        )
        note.file.unlink(missing_ok=True)


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
    return Note(file, first["id"], at, number or None, rang="rang" in lines)
