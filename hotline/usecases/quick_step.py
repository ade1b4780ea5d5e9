"""One ordinary step of a call from memory; internal to ``quick_call``."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hotline.dialogue.exchange import (
    Action,
    End,
    Event,
    Keys,
    Say,
    Served,
    Silence,
    Spoke,
    ToCallbot,
)
from hotline.dialogue.farewell import farewell
from hotline.dialogue.progress import applicable_answers
from hotline.dialogue.script import Line
from hotline.dialogue.state import Outcome, Stage, State
from hotline.dialogue.step import step as advance
from hotline.domain.cases import codes
from hotline.domain.city.model import City
from hotline.domain.city.selectors import city_of
from hotline.domain.contacts.services import sealed_state
from hotline.domain.people.sealing import Sealer
from hotline.domain.people.selectors import index_of
from hotline.domain.prepared import Row
from hotline.domain.queue.models import TicketState
from hotline.domain.queue.rules import line_of
from hotline.domain.queue.services import Answer, Decision, decision_of
from hotline.usecases import quick_statements as statements
from hotline.usecases.present import promised_farewell
from hotline.usecases.quick_run import Steps
from hotline.usecases.turn import Turn
from hotline.usecases.wait_for_person import instead

_WITH_BOT = frozenset(
    {Stage.MENU, Stage.CONSENT, Stage.SLOT, Stage.CONFIRM, Stage.CORRECT, Stage.NUMBER}
)
_ORDINARY = (Keys, Spoke, Silence, ToCallbot, Served)


STAFFED_FOR = timedelta(seconds=0.5)
"""So long what was read of a branch counts for everybody who enters it; the queue's next look
sends on who should not have entered."""


class Staffing:
    """Whether a branch is switched away, and whether anybody is there."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, tuple[str, ...]], tuple[datetime, Row]] = {}

    def decide(self, branch: str, line: Line, city: City, now: datetime) -> Steps[Decision]:
        key = branch, tuple(line.kinds)
        read = self._read.get(key)
        if read is None or not timedelta(0) <= now - read[0] < STAFFED_FOR:
            asked = {"branch": branch, "kinds": list(line.kinds), "now": now}
            read = now, (yield statements.QUEUE_FACTS, asked)
            self._read[key] = read
        switched_to, staffed = read[1]
        return decision_of(
            city=city, line=line, switched_to=switched_to, staffed=lambda: bool(staffed), now=now
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A dialogue as it was last written: its turn, the bytes of its state in the database, and
    the sealer of its person."""

    turn: Turn
    sealed: bytes
    sealer: Sealer


def quick_step(
    held: Held, event: Event, *, staffing: Staffing, now: datetime
) -> Steps[Held | None]:
    """What ``hear`` would have done, done; None, with nothing changed, for whatever is not
    ordinary. Waits for nothing but what it yields. ``staffing`` is what is known of branches."""
    turn = held.turn
    before, city = turn.state, city_of(turn.city_version)
    if not isinstance(event, _ORDINARY):
        return None
    heard, recording = event, None
    if isinstance(event, Spoke):
        recording = uuid4()
        heard = replace(event, recording=str(recording))
    state, actions = advance(before, heard, book=city.book)
    if before.stage in _WITH_BOT and state.stage in _WITH_BOT:
        if isinstance(event, Spoke) and recording is not None:
            return (yield from _recorded(held, event, recording, state, actions, city, now))
        return (yield from _written(held, statements.STEP, {}, state, actions, city, now))
    if before.stage is Stage.CONFIRM and state.outcome is Outcome.COMPLETE:
        return (yield from _end(held, state, actions, city, now))
    if before.stage in _WITH_BOT and state.stage is Stage.QUEUE:
        return (yield from _enter(held, state, actions, city, staffing, now))
    if state.outcome is Outcome.SERVED:
        return (yield from _served(held, state, city, now))
    if before.stage is Stage.QUEUE and state.stage in _WITH_BOT:
        reason = event.reason if isinstance(event, ToCallbot) else "wish"
        return (
            yield from _written(
                held, statements.TO_BOT, {"reason": reason}, state, actions, city, now
            )
        )
    return None


def _recorded(
    held: Held,
    event: Spoke,
    recording: UUID,
    state: State,
    actions: tuple[Action, ...],
    city: City,
    now: datetime,
) -> Steps[Held | None]:
    more = {
        "recording": recording,
        "slot": held.turn.state.slot or "",
        "name": event.recording,
        "seconds": event.seconds,
    }
    return (yield from _written(held, statements.RECORDED, more, state, actions, city, now))


def _end(
    held: Held, state: State, actions: tuple[Action, ...], city: City, now: datetime
) -> Steps[Held | None]:
    """The worker writes the case; its code is drawn here, for the caller hears it now."""
    script = city.scripts.get(state.script or "")
    if state.adding_to is not None or script is None:
        return None
    if not applicable_answers(script, state.answers):
        return None
    code = codes.new_code()
    more = {
        "code": code,
        "outcome": state.outcome,
        "ended_reason": state.reason,
    }
    said = tuple(action for action in actions if not isinstance(action, End))
    goodbye = promised_farewell(state, city, code=code, at=now)
    actions = (*said, *goodbye, End())
    ended = yield from _written(held, statements.ENDED, more, state, actions, city, now)
    return ended and replace(ended, turn=replace(ended.turn, code=code))


def _served(held: Held, state: State, city: City, now: datetime) -> Steps[Held | None]:
    """What a person did with them stands in that person's form."""
    if state.answers or state.claimed or state.adding_to is not None:
        return None
    more = {
        "outcome": state.outcome,
        "ended_reason": state.reason,
        "number_index": index_of(state.caller) if state.caller else None,
    }
    goodbye = farewell(state, book=city.book, code=None, callback=False)
    actions: tuple[Action, ...] = (*goodbye, End())
    return (yield from _written(held, statements.SERVED, more, state, actions, city, now))


def _enter(
    held: Held,
    state: State,
    actions: tuple[Action, ...],
    city: City,
    staffing: Staffing,
    now: datetime,
) -> Steps[Held | None]:
    """As ``wait_for_person`` and ``queue.services.enter`` do for somebody without a place."""
    branch = state.branch or ""
    line = line_of(city, branch)
    if line is None:
        return None
    decision = yield from staffing.decide(branch, line, city, now)
    waits = decision.answer is Answer.WAIT
    if not waits:
        if decision.answer is not Answer.CALLBOT:
            return None
        state, after = advance(state, instead(decision, city), book=city.book)
        actions = (*(one for one in actions if isinstance(one, Say)), *after)
        if state.stage not in _WITH_BOT:
            return None
    overflows = waits and not state.asked_person
    more = {
        "priority": line.priority,
        "number_index": index_of(state.caller) if state.caller else None,
        "ticket_state": TicketState.WAITING if waits else TicketState.WITH_BOT,
        "overflow_at": now + timedelta(seconds=line.wait_s) if overflows else None,
        "by_wish": state.asked_person,
        "reason": "" if waits else decision.reason,
    }
    return (yield from _written(held, statements.ENTERED, more, state, actions, city, now))


def _written(
    held: Held,
    statement: str,
    more: dict[str, Any],
    state: State,
    actions: tuple[Action, ...],
    city: City,
    now: datetime,
) -> Steps[Held | None]:
    before, sealed = held.turn, sealed_state(state, held.sealer)
    consented = state.consent is not before.state.consent
    done, *_ = yield (
        statement,
        {
            "contact": before.contact,
            "step": before.step,
            "before": held.sealed,
            "state": sealed,
            "branch": state.branch or "",
            "consented": consented,
            "consent": state.consent,
            "consent_version": city.menu.consent_version if consented else "",
            "now": now,
            **more,
        },
    )
    if not done:
        return None
    after = replace(before, step=before.step + 1, state=state, actions=actions)
    return Held(after, sealed, held.sealer)
