"""Moments of which each is later than all before.

The loop's clock stands still for a millisecond (uvloop) or for as long as anything happens (in
virtual time). What was asked before something was done must not seem to have been asked after:
somebody who had just joined the queue would not be in it, and be taken for served.
"""

import asyncio
import math
from weakref import WeakKeyDictionary

_latest: WeakKeyDictionary[asyncio.AbstractEventLoop, float] = WeakKeyDictionary()


def moment() -> float:
    """Now, in seconds of the running loop's clock, or the least later than the moment before."""
    loop = asyncio.get_running_loop()
    now = max(loop.time(), math.nextafter(_latest.get(loop, -math.inf), math.inf))
    _latest[loop] = now
    return now
