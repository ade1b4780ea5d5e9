"""``manage switchboard``: speaks with the callers until it is told to stop."""

import asyncio
import gc
import signal
import socket
from typing import Any

import uvloop
from django.conf import settings
from django.core.management.base import BaseCommand

from hotline.core.clock import SystemClock
from hotline.domain.calls.ports import text_to_speech
from hotline.edges.adapters.telephony.desk import Desk
from hotline.edges.adapters.telephony.dialling import Lines
from hotline.edges.adapters.telephony.quick_lane import QuickLane
from hotline.edges.adapters.telephony.switchboard import Switchboard, Where
from hotline.edges.adapters.telephony.trunk import configured, endpoint_for
from hotline.edges.adapters.telephony.voice import Voice

GARBAGE_AFTER = 100_000
"""New objects, net, between two looks for cycles; Python's own 700 is for short programs."""


class Command(BaseCommand):
    help = "Speaks with the callers of this node's Asterisk."

    def handle(self, *args: Any, **options: Any) -> None:
        # what stands now stands for ever, and need not be looked through again and again
        gc.freeze()
        gc.set_threshold(GARBAGE_AFTER)
        uvloop.run(_run())


async def _run() -> None:
    env = settings.ENV
    where = Where(
        url=env.ari_url,
        user=env.ari_user,
        password=env.ari_password,
        recordings=env.recordings,
        missed=env.missed,
        outside=Lines(trunk=endpoint_for, caller=configured().caller, dials=configured().dials),
    )
    desk = Desk(node=socket.gethostname(), clock=SystemClock(), lane=QuickLane())
    switchboard = Switchboard(where, desk=desk, voice=Voice(text_to_speech()))
    running = asyncio.create_task(switchboard.run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    await asyncio.gather(running, return_exceptions=True)
    await desk.close()
