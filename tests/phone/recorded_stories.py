"""The calls that ``record_events`` writes down, each as somebody lived it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Self

from bench.citizen import in_database
from bench.phone.digest import Account
from bench.phone.phone import Phone
from bench.phone.somebody import Manner, Somebody
from hotline.core.errors import Refusal
from hotline.domain.accounts.models import User
from hotline.domain.queue.models import Verb
from hotline.domain.workforce.models import Operator, OperatorKind
from hotline.domain.workforce.phones import phone_password
from hotline.domain.workforce.services import ensure_operator
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.give_order import give_order
from hotline.usecases.go_ready import go_ready
from hotline.usecases.sign_off import sign_off
from hotline.usecases.sign_on import sign_on
from tests.phone.citizens import Town
from tests.phone.rig import Rig

EXTENSION = "op101"


async def callbot_to_the_end(rig: Rig) -> None:
    async with Town(rig) as town:
        caller = await town.ring()
        await caller.answers()


async def gone_while_speaking(rig: Rig) -> None:
    async with Town(rig) as town:
        caller = await town.ring()
        await caller.answers(hang_up_at=4)


async def caller_ends_the_talk(rig: Rig) -> None:
    async with Town(rig) as town, _Desk(rig) as desk:
        call, _number = await town.dial()
        await asyncio.sleep(1)
        await call.press("2")
        await desk.somebody.next_call(within_s=20)
        await asyncio.sleep(2)
        await call.hang_up()
        await asyncio.sleep(1)


async def operator_consults_and_hands_over(rig: Rig) -> None:
    async with Town(rig) as town, _Desk(rig) as desk:
        call, _number = await town.dial()
        await asyncio.sleep(1)
        await call.press("2")
        await desk.somebody.next_call(within_s=20)
        await asyncio.sleep(1)
        await desk.order(Verb.CONSULT, "number:0281234567")
        await asyncio.sleep(3)
        await desk.order(Verb.COMPLETE)
        await asyncio.sleep(2)
        await call.hang_up()
        await asyncio.sleep(1)


async def nobody_answers_and_the_caller_goes(rig: Rig) -> None:
    async with Town(rig) as town, _Desk(rig, manner=Manner.BUSY):
        call, _number = await town.dial()
        await asyncio.sleep(1)
        await call.press("2")
        await asyncio.sleep(4)
        await call.hang_up()
        await asyncio.sleep(1)


STORIES: Mapping[str, Callable[[Rig], Awaitable[None]]] = {
    story.__name__.replace("_", "-"): story
    for story in (
        # whoever is to be rung back would be rung in the next story
        callbot_to_the_end,
        caller_ends_the_talk,
        operator_consults_and_hands_over,
        nobody_answers_and_the_caller_goes,
        gone_while_speaking,
    )
}


class _Desk:
    """An operator with a plain telephone, on duty inside ``async with``."""

    def __init__(self, rig: Rig, *, manner: Manner = Manner.ANSWERS) -> None:
        self._rig = rig
        self._manner = manner
        self.somebody: Somebody

    async def __aenter__(self) -> Self:
        self._user, operator = await in_database(_operator)
        await asyncio.sleep(2)  # the switchboard lets the telephone register
        account = Account(EXTENSION, phone_password(operator))
        self._phone = Phone(("127.0.0.1", self._rig.base + 4), account=account)
        await self._phone.__aenter__()
        await self._phone.register()
        self.somebody = Somebody(self._phone, manner=self._manner)
        await self.somebody.__aenter__()
        await in_database(lambda: go_ready(user=self._user, now=_now()))
        self._seen = asyncio.create_task(self._stays())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._seen.cancel()
        await self.somebody.__aexit__(None, None, None)
        await self._phone.__aexit__(None, None, None)
        for _ in range(60):  # a ring or a talk ends first
            try:
                await in_database(lambda: sign_off(user=self._user, now=_now()))
            except Refusal:
                await asyncio.sleep(0.5)
            else:
                return

    async def order(self, verb: Verb, argument: str = "") -> None:
        await in_database(
            lambda: give_order(user=self._user, verb=verb, argument=argument, now=_now())
        )

    async def _stays(self) -> None:
        while True:
            await in_database(lambda: desk_seen(user=self._user, now=_now()))
            await asyncio.sleep(5)


def _operator() -> tuple[User, Operator]:
    user, _new = User.objects.get_or_create(username=EXTENSION)
    operator = ensure_operator(
        user=user, kind=OperatorKind.OPERATOR, extension=EXTENSION, skills={"2": 1}, now=_now()
    )
    sign_on(user=user, branches=("2",), phone="sip", now=_now())
    return user, operator


def _now() -> datetime:
    return datetime.now(UTC)
