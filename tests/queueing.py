"""Operators and callers of the queue, told through the real use cases."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hotline.dialogue.exchange import Keys, Left
from hotline.dialogue.state import Stage
from hotline.domain.accounts.models import User
from hotline.domain.queue.models import Offer, OfferState
from hotline.domain.workforce.models import OperatorKind
from hotline.domain.workforce.services import ensure_operator
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.go_ready import go_ready
from hotline.usecases.operator_answered import operator_answered
from hotline.usecases.run_queue import run_queue
from hotline.usecases.sign_on import sign_on
from hotline.usecases.talk_began import talk_began
from hotline.usecases.talk_over import talk_over
from tests import stories

NODE = "test"  # where ``stories.ring`` rings


def on_duty(
    user: User,
    now: datetime,
    *,
    branches: Sequence[str] = (stories.HARDSHIP,),
    kind: OperatorKind = OperatorKind.OPERATOR,
    ready: bool = True,
) -> User:
    """Signed on at a browser phone, and ready."""
    ensure_operator(
        user=user,
        kind=kind,
        extension=f"op-{user.pk}",
        skills=dict.fromkeys(branches, 1),
        now=now,
    )
    sign_on(user=user, branches=branches, phone="browser", now=now)
    if ready:
        go_ready(user=user, now=now)
    return user


def call(now: datetime, *, number: str, key: str = stories.HARDSHIP) -> stories.Talk:
    """Rings and presses a key of the menu; a known number says that it is about something new."""
    talk = stories.ring(now, number=number)
    if talk.turn.state.stage is Stage.KNOWN:
        talk.say(Keys("2"))
    talk.say(Keys(key))
    return talk


def look(now: datetime, *, at_the_desk: Sequence[User] = ()) -> None:
    """The switchboard looks at the queue; the pages of some operators were just heard of."""
    for user in at_the_desk:
        desk_seen(user=user, now=now)
    run_queue(node=NODE, dials=False, now=now)


def take(user: User, now: datetime) -> UUID:
    """The operator takes the call that rings at their phone; gives the offer's id."""
    offer = Offer.objects.get(operator_id=user.pk, state=OfferState.RINGING).pk
    assert operator_answered(offer=offer, now=now)
    assert talk_began(offer=offer, now=now)
    return offer


def hang_up(talk: stories.Talk, now: datetime, *, offer: UUID | None = None) -> None:
    """The caller hangs up, while they speak with an operator or before."""
    if offer is not None:
        talk_over(offer=offer, by="caller", now=now)
    talk.now = now
    talk.say(Left())
