"""What calls have left to the worker: recordings to be sealed, cases to be written.

A busy line leaves hundreds a minute. Their rows say that they are to be done, so that no job is
written and fetched for each: whoever dies in between has lost nothing, and the next look finds
the same rows.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from hotline.domain.contacts import selectors
from hotline.usecases.finish_call import finish_call
from hotline.usecases.finish_calls import finish_calls
from hotline.usecases.keep_recording import keep_recording
from hotline.usecases.keep_recordings import keep_recordings

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Rows of each kind that one look takes; what is left is taken by the next."""
TOGETHER = 40
"""Rows that are written together: enough to share what statements and commits cost, few
enough that a line which gets busy is not kept waiting for the processor or the disk."""


def write_up(*, now: datetime) -> int:
    """Returns how many were done. One that fails is said in the log and tried again by the
    next look; it keeps no other one waiting."""
    cases = selectors.promised(most=AT_ONCE)
    sounds = selectors.spooled(most=AT_ONCE)
    return _done(cases, finish_calls, lambda one: finish_call(contact=one, now=now)) + _done(
        sounds, keep_recordings, lambda one: keep_recording(recording=one, now=now)
    )


def _done(
    rows: Sequence[UUID],
    together: Callable[[Sequence[UUID]], list[UUID]],
    alone: Callable[[UUID], None],
) -> int:
    """``together`` returns what it left, to be done ``alone``."""
    done = 0
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        left = _left(together, some)
        done += len(some) - len(left) + sum(_tried(alone, row) for row in left)
    return done


def _left(together: Callable[[Sequence[UUID]], list[UUID]], rows: Sequence[UUID]) -> Sequence[UUID]:
    """All, if together they cannot be done."""
    try:
        return together(rows)
    except Exception as error:
        log.warning("%s of %d: %s", together.__name__, len(rows), type(error).__name__)
        return rows


def _tried(alone: Callable[[UUID], None], row: UUID) -> bool:
    try:
        alone(row)
    except OSError as error:  # a full disk passes
        log.error("what a call left could not be kept: %s", error)
    except Exception:
        log.exception("what a call left could not be written: %s", row)
    else:
        return True
    return False
