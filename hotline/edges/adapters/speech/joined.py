"""Runs of prompts as one file: each piece costs Asterisk a file and us a message.

``$HOTLINE_PROMPTS_DIR/joined/<hash>`` with the same three endings. The name is made of the
pieces' names and of when each was made, so that another voice or a new recording makes
another run; nothing is ever replaced. A run that is played says so once a day (its files'
time of change); one that nobody played for ``UNUSED_S`` is swept.

The disk is bounded: only lasting prompts are joined (what is said in passing differs from
caller to caller), all runs together hold at most ``MOST_BYTES``, and where no more can be
written the pieces are played as they are.
"""

import hashlib
import io
import logging
import os
import secrets
import threading
import time
import wave
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from hotline.edges.adapters.speech.sound import ENDINGS, RATE, write_whole

log = logging.getLogger(__name__)

FOLDER = "joined"
DAY_S = 24 * 3600
UNUSED_S = 30 * DAY_S
MOST_BYTES = 500_000_000
SWEEP_EVERY = 50  # new runs


class Joined:
    """The runs of one folder of prompts. Several processes may make the same run at once."""

    def __init__(self, prompts: Path) -> None:
        self._prompts = prompts
        self._folder = prompts / FOLDER
        self._bytes: int | None = None
        self._one = threading.Lock()

    def together(self, pieces: Sequence[Path]) -> list[Path]:
        """The same sound in as few files as there can be. Raises nothing of the disk."""
        found: list[Path] = []
        for lasting, run in groupby(pieces, self._is_lasting):
            group = list(run)
            found += self._run(group) if lasting and len(group) > 1 else group
        return found

    def sweep(self) -> None:
        """Removes the runs that nobody played for long, and what a crash left half written."""
        oldest = time.time() - UNUSED_S
        left = 0
        try:
            for entry in os.scandir(self._folder):
                left += _size_unless_older(entry, oldest)
        except FileNotFoundError:  # nothing was ever joined
            pass
        self._bytes = left

    def _is_lasting(self, piece: Path) -> bool:
        return self._prompts in piece.parents and self._prompts / "passing" not in piece.parents

    def _run(self, pieces: Sequence[Path]) -> Sequence[Path]:
        try:
            path = self._folder / _name(pieces)
            if not _is_there(path):
                with self._one:
                    if not _is_there(path):  # another caller's thread was quicker
                        if not self._has_room(pieces):
                            return pieces
                        self._make(pieces, path)
        except (OSError, EOFError, wave.Error) as error:
            log.warning("prompts are played one by one: %s", error)
            return pieces
        return [path]

    def _make(self, pieces: Sequence[Path], path: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for ending in ENDINGS:
            contents = [_file(piece, ending).read_bytes() for piece in pieces]
            content = _one_wav(contents) if ending == "wav" else b"".join(contents)
            write_whole(_file(path, ending), content)
            self._bytes = (self._bytes or 0) + len(content)

    def _has_room(self, pieces: Sequence[Path]) -> bool:
        if self._bytes is None or not secrets.randbelow(SWEEP_EVERY):
            self.sweep()
        more = sum(_file(piece, ending).stat().st_size for piece in pieces for ending in ENDINGS)
        if (self._bytes or 0) + more <= MOST_BYTES:
            return True
        self._bytes = None  # looked at again next time: another process may have swept
        log.info("no more prompts are joined: %d bytes are", MOST_BYTES)
        return False


def _name(pieces: Sequence[Path]) -> str:
    """Raises FileNotFoundError for a piece that is not there."""
    known = hashlib.sha256()
    for piece in pieces:
        at = _file(piece, "wav").stat()
        known.update(f"{piece.name} {at.st_mtime_ns} {at.st_size}\0".encode())
    return known.hexdigest()[:32]


def _is_there(path: Path) -> bool:
    """Whether a run is there whole; if it is, it stays for longer."""
    try:
        if time.time() - _file(path, "wav").stat().st_mtime > DAY_S:
            for ending in ENDINGS:
                os.utime(_file(path, ending))
    except FileNotFoundError:
        return False
    return True


def _size_unless_older(entry: os.DirEntry[str], oldest: float) -> int:
    try:
        at = entry.stat()
        if at.st_mtime >= oldest:
            return at.st_size
        Path(entry.path).unlink()
    except FileNotFoundError:  # another process sweeps as well
        pass
    return 0


def _one_wav(contents: Sequence[bytes]) -> bytes:
    joined = io.BytesIO()
    with wave.open(joined, "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        for content in contents:
            with wave.open(io.BytesIO(content)) as file:
                out.writeframes(file.readframes(file.getnframes()))
    return joined.getvalue()


def _file(prompt: Path, ending: str) -> Path:
    return prompt.with_name(f"{prompt.name}.{ending}")
