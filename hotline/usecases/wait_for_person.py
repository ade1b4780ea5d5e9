"""What a step of the dialogue means for the caller's place in the queue. Internal to ``hear``,
in its transaction."""

from datetime import datetime

from hotline.dialogue.exchange import (
    Action,
    Announced,
    Event,
    Keys,
    PersonFree,
    Say,
    ToCallbot,
)
from hotline.dialogue.state import Outcome, Stage, State
from hotline.dialogue.step import step
from hotline.domain.calls import selectors as calls
from hotline.domain.city.model import City
from hotline.domain.contacts.models import Contact
from hotline.domain.queue import services as queue
from hotline.domain.queue.services import Answer, Decision

_OUTCOMES = {
    Outcome.COMPLETE: "callbot",
    Outcome.HANDED_OVER: "call_back",
    Outcome.ABANDONED: "abandoned",
    Outcome.SERVED: "answered",
}


def with_queue(
    contact: Contact,
    *,
    before: State,
    moved: State,
    actions: tuple[Action, ...],
    event: Event,
    city: City,
    now: datetime,
) -> tuple[State, tuple[Action, ...]]:
    """The state and what is to be done, once the queue has had its say: where nobody can take
    the caller, the dialogue goes on at once."""
    if isinstance(event, PersonFree) and moved.stage is Stage.OFFER:
        queue.person_offered(contact=contact, now=now)
    if moved.stage is Stage.QUEUE and before.stage is not Stage.QUEUE:
        decision = queue.enter(
            contact=contact,
            city=city,
            branch=moved.branch or "",
            node=calls.node_of(contact),
            by_wish=moved.asked_person,
            since=calls.place_of(moved.caller),
            now=now,
        )
        if decision.answer is not Answer.WAIT:
            moved, after = step(moved, instead(decision, city), book=city.book)
            actions = (*(one for one in actions if isinstance(one, Say)), *after)
    elif before.stage is Stage.QUEUE and moved.stage not in {Stage.QUEUE, Stage.ENDED}:
        if isinstance(event, Announced):
            queue.hears_announcement(contact=contact, now=now)
        else:
            reason = event.reason if isinstance(event, ToCallbot) else "wish"
            queue.to_bot(contact=contact, reason=reason, now=now)
    if moved.outcome is not None:
        queue.leave(contact=contact, outcome=_OUTCOMES[moved.outcome], now=now)
    return moved, actions


def instead(decision: Decision, city: City) -> Event:
    """What the dialogue hears where nobody can take the caller."""
    match decision.answer:
        case Answer.ANNOUNCE:
            return Announced()
        case Answer.CALL_BACK:
            return Keys(city.menu.call_back_key)
    return ToCallbot(decision.reason)
