"""A worker that starts removes what one that was killed may have left in clear."""

from hotline.domain.contacts import recordings


def clear_spool() -> None:
    """Recordings that are sealed and marked, but whose plain file is still there."""
    recordings.clear_spool()
