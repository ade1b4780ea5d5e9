"""The ordinary steps of a call, taken from memory and written by one statement each.

The switchboard keeps where each of its dialogues stands. A step that is taken from there is
written only if the database still holds exactly that (``quick_statements``); whatever is not
ordinary, or not as expected, goes the plain way of ``hear``, which reads everything. So the
memory may be wrong or empty at any time, after a crash for instance: then the plain way is
taken, and the call stands in memory again.
"""

import json
from collections import OrderedDict
from datetime import datetime
from threading import Lock
from uuid import UUID

from django.db import IntegrityError

from hotline.dialogue import codec
from hotline.dialogue.exchange import Event
from hotline.domain.contacts.services import STATE
from hotline.domain.people.sealing import Erased, opened
from hotline.domain.prepared import one_row
from hotline.usecases import quick_statements as statements
from hotline.usecases.hear import hear
from hotline.usecases.quick_run import Steps, run
from hotline.usecases.quick_step import Held, Staffing, quick_step
from hotline.usecases.quick_take import quick_take
from hotline.usecases.take_call import take_call
from hotline.usecases.turn import Turn

MOST_HELD = 4000
"""Calls that one process remembers: far more than a node takes."""


class QuickCalls:
    """One a process; safe for several threads, as long as each call's events come one after
    the other."""

    def __init__(self) -> None:
        self._held: OrderedDict[UUID, Held] = OrderedDict()
        self._lock = Lock()
        self._staffing = Staffing()

    def take(self, *, channel: str, node: str, number: str | None, now: datetime) -> Turn:
        """As ``usecases.take_call.take_call``."""
        try:
            taken = run(self.taking(channel=channel, node=node, number=number, now=now))
        except IntegrityError:
            taken = None
        return taken or self.take_plainly(channel=channel, node=node, number=number, now=now)

    def hear(self, *, contact: UUID, step: int, event: Event, now: datetime) -> Turn:
        """As ``usecases.hear.hear``."""
        heard = run(self.hearing(contact=contact, step=step, event=event, now=now))
        return heard or self.hear_plainly(contact=contact, step=step, event=event, now=now)

    def leave(self, *, contact: UUID, step: int) -> Turn | None:
        """The last turn of a dialogue that is over, and forget it: whoever leaves now changes
        nothing but their line (``usecases.end_lines``). None: hear it."""
        with self._lock:
            held = self._held.get(contact)
            if held is None or held.turn.step != step or held.turn.state.outcome is None:
                return None
            return self._held.pop(contact).turn

    def taking(
        self, *, channel: str, node: str, number: str | None, now: datetime
    ) -> Steps[Turn | None]:
        """The quick way alone; None: take it plainly. The database refuses (integrity) a
        channel that was taken at this very moment: then, too."""
        taken = yield from quick_take(channel=channel, node=node, number=number, now=now)
        if taken is None:
            return None
        self._keep(taken)
        return taken.turn

    def hearing(
        self, *, contact: UUID, step: int, event: Event, now: datetime
    ) -> Steps[Turn | None]:
        """The quick way alone; None: hear it plainly."""
        with self._lock:
            held = self._held.pop(contact, None)
        if held is None or held.turn.step != step:
            return None
        moved = yield from quick_step(held, event, staffing=self._staffing, now=now)
        if moved is None:
            return None
        self._keep(moved)
        return moved.turn

    def take_plainly(self, *, channel: str, node: str, number: str | None, now: datetime) -> Turn:
        turn = take_call(channel=channel, node=node, number=number, now=now)
        self._learn(turn)
        return turn

    def hear_plainly(self, *, contact: UUID, step: int, event: Event, now: datetime) -> Turn:
        turn = hear(contact=contact, step=step, event=event, now=now)
        self._learn(turn)
        return turn

    def _learn(self, turn: Turn) -> None:
        """After a plain step, unless the call is over or somebody writes to it meanwhile."""
        if turn.state.outcome is not None:
            return
        values = {"contact": turn.contact, "step": turn.step}
        sealed, person, wrapped = one_row(statements.STANDING, values)
        if sealed is None:
            return
        try:
            sealer = opened(person, wrapped)
            state = codec.load(json.loads(sealer.unseal(sealed, where=STATE)))
        except Erased:
            return
        if state == turn.state:
            self._keep(Held(turn, sealed, sealer))

    def _keep(self, held: Held) -> None:
        with self._lock:
            self._held[held.turn.contact] = held
            while len(self._held) > MOST_HELD:
                self._held.popitem(last=False)
