"""Why somebody who was dialled is not on the line, in the queue's words. Numbers: Q.850."""

HUNG_UP = frozenset({0, 16})
"""Somebody put the receiver down; a plain goodbye of a SIP phone has no cause at all."""
UNSEEN = -1
"""The channel is gone, and nobody saw why."""
BUSY = 17
REFUSED = 21
SILENT = frozenset({0, 16, 18, 19, 20, 127})
"""Rang until we, or they, gave up (Asterisk's own time-out has no cause of its own)."""


def of_operator(cause: int) -> str:
    """no_answer, busy, refused, unreachable."""
    if cause == BUSY:
        return "busy"
    if cause == REFUSED:
        return "refused"
    return "no_answer" if cause in SILENT else "unreachable"


def of_line(cause: int) -> str:
    """no_answer, busy, failed."""
    if cause == BUSY:
        return "busy"
    return "no_answer" if cause in SILENT else "failed"
