"""Calls whose channel ended while nobody watched: Asterisk was killed, or we were."""

import asyncio
import logging

from hotline.dialogue.exchange import Left
from hotline.edges.adapters.telephony.desk import Desk
from hotline.edges.adapters.telephony.recorder import TRIES_MOST, left_behind
from hotline.edges.adapters.telephony.spool import Spool
from hotline.usecases.live_calls import LiveCall

log = logging.getLogger(__name__)


async def end_gone_call(desk: Desk, spool: Spool, call: LiveCall) -> None:
    """What the caller was saying at the end is kept, then the call ends as if they had hung
    up. Raises DatabaseAway."""
    log.warning("a call ended while nobody watched")
    step = call.step
    for attempt in range(TRIES_MOST, 0, -1):
        spoken = await asyncio.to_thread(left_behind, spool, call.contact, step, attempt)
        if spoken is not None:
            turn = await desk.hear(contact=call.contact, step=step, event=spoken)
            step = turn.step
            break
    await desk.hear(contact=call.contact, step=step, event=Left())
