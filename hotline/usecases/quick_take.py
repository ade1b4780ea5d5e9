"""An ordinary new call, written by one statement; internal to ``quick_call``."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from hotline.dialogue import phones
from hotline.dialogue.begin import begin
from hotline.dialogue.exchange import Started
from hotline.dialogue.script import Channel
from hotline.dialogue.step import step as advance
from hotline.domain.calls.web_calls import LIVES, RINGS_LATE
from hotline.domain.city.selectors import city_of
from hotline.domain.contacts.services import sealed_state
from hotline.domain.people.sealing import Sealer, new_key, opened
from hotline.domain.people.selectors import index_of
from hotline.domain.people.services import PHONE
from hotline.usecases import quick_statements as statements
from hotline.usecases.quick_run import Steps
from hotline.usecases.quick_step import Held
from hotline.usecases.take_call import own_number
from hotline.usecases.turn import Turn


def quick_take(*, channel: str, node: str, number: str | None, now: datetime) -> Steps[Held | None]:
    """What ``take_call`` would have done, done; None, with nothing changed, for a channel that
    is known, a number that is blocked, typed in a browser or has an open case. The database
    refuses (integrity) a channel that was taken at this very moment."""
    called = own_number(number)
    index = index_of(called) if called is not None else None
    version, known, blocked, has_case, person, wrapped = yield (
        statements.TAKE_FACTS,
        {
            "channel": channel,
            "number_index": index,
            "now": now,
            "claimed_since": now - LIVES - RINGS_LATE,
        },
    )
    if version is None or known or blocked or has_case:
        return None
    who, sealer, identity = _identity(person, wrapped, called)
    city, contact = city_of(version), uuid4()
    language = city.languages[0]
    state = begin(channel=Channel.VOICE, language=language, caller=called, book=city.book)
    state, actions = advance(state, Started(), book=city.book)
    sealed = sealed_state(state, sealer)
    done, *_ = yield (
        statements.TAKEN,
        {
            **identity,
            "person": who,
            "contact": contact,
            "language": language,
            "city_version": version,
            "branch": state.branch or "",
            "state": sealed,
            "channel": channel,
            "node": node,
            "number_index": index,
            "carrier": phones.carrier_of(called) if called else "",
            "withheld": called is None,
            "now": now,
        },
    )
    if not done:
        return None
    turn = Turn(
        contact=contact,
        step=1,
        state=state,
        actions=actions,
        code=None,
        pin=None,
        language=language,
        city_version=version,
    )
    return Held(turn, sealed, sealer)


def _identity(
    person: UUID | None, wrapped: bytes | None, number: str | None
) -> tuple[UUID, Sealer, dict[str, Any]]:
    """Who rings, the sealer of theirs, and what is to be written of somebody new."""
    if person is not None and wrapped is not None:
        return person, opened(person, wrapped), {"new": False, "phone": None, "wrapped": None}
    who = uuid4()
    sealer, made = new_key(who)
    phone = sealer.seal(number, where=PHONE) if number is not None else None
    return who, sealer, {"new": True, "phone": phone, "wrapped": made}
