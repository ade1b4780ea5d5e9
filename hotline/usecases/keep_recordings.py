"""Many recordings go from the switchboard's spool into the media store, sealed."""

from collections.abc import Sequence
from uuid import UUID

from hotline.domain.contacts import recordings as contents


def keep_recordings(recordings: Sequence[UUID]) -> list[UUID]:
    """As ``keep_recording`` for each: sealed and written first, then marked by one statement,
    then the plain files go. Returns those that could not be sealed, as they stood."""
    return contents.seal_all(recordings)
