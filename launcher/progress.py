"""Progress lines while the launcher works; on standard error, so that --json stays clean."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """One line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show a step while it runs and the seconds it took; a failing step says so and raises."""
    begun = time.monotonic()
    print(f"  {title} … ", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        print("failed", file=sys.stderr, flush=True)
        raise
    print(f"{time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)
