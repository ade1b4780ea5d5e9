"""The recordings that Asterisk leaves: how long they are, and whether anything is in them."""

import logging
import math
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np

log = logging.getLogger(__name__)

RATE = 8000
HEADER = 44
FRAME = RATE // 50
LOUD = 200.0
"""Mean amplitude of a frame of 20 ms, of 32767, from which somebody is speaking: about
-44 dB. Line noise and comfort noise lie below, a low voice above."""
LEAST_FREE = 20 * 1024 * 1024
"""Bytes that must be free before a recording is begun; an answer of two minutes takes 2 MB,
and many are recorded at once."""
SHORT = 1024 * 1024
ROOM_S = 1.0
"""For how long room that was found is relied upon."""


@dataclass(frozen=True, slots=True)
class Measured:
    """``seconds``: the whole length; ``talking_s``: how much of it is louder than the line."""

    seconds: float
    talking_s: float


class Spool:
    """The folder where Asterisk records; file operations may block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found_room = -math.inf

    @property
    def had_room(self) -> bool:
        """Whether there was room a moment ago; does not block."""
        return monotonic() - self._found_room < ROOM_S

    def has_room(self) -> bool:
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError:
            return False
        if free < LEAST_FREE:
            return False
        self._found_room = monotonic()
        return True

    def measure(self, name: str) -> Measured | None:
        """None if there is no file of this name, or none that can be read. Mends the header
        of a file that its writer could not close."""
        try:
            frames = _frames(self._path(name))
        except OSError:
            return None
        if frames is None:
            return None
        samples = np.frombuffer(frames, dtype="<i2", count=len(frames) // 2)
        whole = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
        loud = np.abs(whole.astype(np.int32)).mean(axis=1) > LOUD if len(whole) else whole
        return Measured(len(samples) / RATE, float(np.count_nonzero(loud)) * FRAME / RATE)

    def is_short(self, name: str) -> bool:
        """Whether the recording is so short, a minute at most, that ``measure`` takes less
        than a millisecond: what was just written is still in memory."""
        try:
            return self._path(name).stat().st_size <= SHORT
        except OSError:
            return True

    def drop(self, name: str) -> None:
        """Remove a recording that holds nothing."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError:
            log.warning("an empty recording could not be removed")

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.wav"


def _frames(path: Path) -> bytes | None:
    """What was recorded; None for a file that is no such recording. The layout is Asterisk's
    own (format_wav): 44 bytes of header. Asterisk writes the lengths there when it closes the
    file; of one that was killed they say nothing, and are mended. Raises OSError."""
    with path.open("r+b", buffering=0) as file:
        content = file.readall()
        if len(content) < HEADER or content[:4] != b"RIFF" or content[36:40] != b"data":
            return None
        length = len(content) - HEADER - (len(content) - HEADER) % 2
        if struct.unpack_from("<I", content, 40)[0] != length:
            file.seek(4)
            file.write(struct.pack("<I", length + HEADER - 8))
            file.seek(40)
            file.write(struct.pack("<I", length))
    return content[HEADER:]
