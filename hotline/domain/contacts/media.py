"""The media store: sealed files under ``<media>/<ab>/<uuid>``, and the switchboard's spool."""

import os
import re
import tempfile
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hotline.domain.people.sealing import Sealer

_SPOOL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,110}")


def place_of(file: UUID) -> str:
    """Where a file stands, relative to the media folder."""
    return f"{file.hex[:2]}/{file}"


def write(file: UUID, content: bytes, *, sealer: Sealer) -> str:
    """Seals and writes so that a reader sees all or nothing, even after a crash. Returns the
    place. Raises OSError (a full disk)."""
    place = place_of(file)
    target = settings.ENV.media / place
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(sealer.seal(content, where=f"media:{file}"))
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return place


def read(file: UUID, place: str, *, sealer: Sealer) -> bytes:
    """Raises OSError, people.sealing.Erased, people.sealing.Tampered."""
    return sealer.unseal((settings.ENV.media / place).read_bytes(), where=f"media:{file}")


def remove(place: str) -> None:
    (settings.ENV.media / place).unlink(missing_ok=True)


def spool() -> Path:
    """Where the switchboard's recordings lie in clear."""
    return Path(settings.ENV.recordings)


def spooled(name: str) -> Path:
    """The plain file of a recording at the switchboard. Raises ValueError for a name that no
    switchboard of ours gives."""
    if not _SPOOL_NAME.fullmatch(name):
        raise ValueError("Not the name of a recording.")
    return spool() / f"{name}.wav"
