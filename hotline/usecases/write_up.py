"""What calls have left to the worker: recordings to be sealed, cases to be written.

A busy line leaves hundreds a minute. Their rows say that they are to be done, so that no job is
written and fetched for each: whoever dies in between has lost nothing, and the next look finds
the same rows.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from hotline.domain.contacts import selectors
from hotline.usecases.finish_call import finish_call
from hotline.usecases.keep_recording import keep_recording

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Rows of each kind that one look takes; what is left is taken by the next."""


def write_up(*, now: datetime) -> int:
    """Returns how many were done. One that fails is said in the log and tried again by the
    next look; it keeps no other one waiting."""
    done = 0
    for contact in selectors.promised(most=AT_ONCE):
        done += _tried(lambda one: finish_call(contact=one, now=now), contact, "a case")
    for recording in selectors.spooled(most=AT_ONCE):
        done += _tried(lambda one: keep_recording(recording=one, now=now), recording, "a recording")
    return done


def _tried(work: Callable[[UUID], None], row: UUID, what: str) -> bool:
    try:
        work(row)
    except OSError as error:  # a full disk passes
        log.error("%s could not be kept: %s", what, error)
    except Exception:
        log.exception("%s could not be written: %s", what, row)
    else:
        return True
    return False
