"""The recordings that Asterisk leaves: how long they are, and whether anything is in them."""

import logging
import math
import os
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


class TooLong(Exception):
    """Of a recording: to be measured where nobody waits for it."""


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
            return _measured(_frames(self._path(name)))
        except OSError:
            return None

    def measure_short(self, name: str) -> Measured | None:
        """As ``measure``, of a recording so short, a minute at most, that it takes less than a
        millisecond: what was just written is still in memory. Raises TooLong."""
        try:
            return _measured(_frames(self._path(name), most=SHORT))
        except OSError:
            return None

    def drop(self, name: str) -> None:
        """Remove a recording that holds nothing."""
        try:
            Path(self._path(name)).unlink(missing_ok=True)
        except OSError:
            log.warning("an empty recording could not be removed")

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}.wav"


def _measured(frames: bytes | None) -> Measured | None:
    if frames is None:
        return None
    samples = np.frombuffer(frames, dtype="<i2", count=len(frames) // 2)
    whole = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    # the amplitude of the lowest sample does not fit in its own type
    loud = np.abs(whole).view(np.uint16).sum(axis=1, dtype=np.uint32) > LOUD * FRAME
    return Measured(len(samples) / RATE, int(np.count_nonzero(loud)) * FRAME / RATE)


def _frames(path: str, *, most: float = math.inf) -> bytes | None:
    """What was recorded; None for a file that is no such recording. The layout is Asterisk's
    own (format_wav): 44 bytes of header. Asterisk writes the lengths there when it closes the
    file; of one that was killed they say nothing, and are mended. Raises OSError, and TooLong
    for a file of more than ``most`` bytes."""
    file = os.open(path, os.O_RDWR)
    try:
        size = os.fstat(file).st_size
        if size > most:
            raise TooLong
        content = os.pread(file, size, 0)
        if len(content) < HEADER or content[:4] != b"RIFF" or content[36:40] != b"data":
            return None
        length = len(content) - HEADER - (len(content) - HEADER) % 2
        if struct.unpack_from("<I", content, 40)[0] != length:
            os.pwrite(file, struct.pack("<I", length + HEADER - 8), 4)
            os.pwrite(file, struct.pack("<I", length), 40)
    finally:
        os.close(file)
    return content[HEADER:]
