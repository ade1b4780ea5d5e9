"""Operators and outside lines of the telephone's tests: each hums a tone of its own, by which
everybody can tell who hears whom."""

import asyncio
import itertools
from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self
from uuid import UUID

from django.utils import timezone

from bench.citizen import in_database
from bench.phone.call import Call, RefusedError
from bench.phone.digest import Account
from bench.phone.phone import Phone
from bench.phone.somebody import Manner, Somebody
from hotline.domain.accounts.models import Role, User
from hotline.domain.queue.models import Offer, Order, Ticket
from hotline.domain.workforce.models import Operator, OperatorKind, Presence
from hotline.domain.workforce.phones import phone_password
from hotline.domain.workforce.services import ensure_operator
from hotline.usecases.give_order import give_order
from hotline.usecases.go_ready import go_ready
from hotline.usecases.pause import pause
from hotline.usecases.sign_on import sign_on
from tests.phone.citizens import Caller, eventually
from tests.phone.quiet import is_quiet
from tests.phone.rig import Rig

HUMS = (700, 900, 1100, 1300, 1500)
CITIZEN, FIRST, SECOND, THIRD, OTHER = HUMS
RINGS_HZ = 425
"""Of Viet Nam's ringing tone: one second in five."""
WITHIN_S = 12.0
_count = itertools.count(1)


@dataclass
class Crew:
    """One operator, signed on with a plain SIP phone."""

    user: User
    extension: str
    somebody: Somebody

    async def is_ready(self) -> None:
        await in_database(lambda: go_ready(user=self.user, now=timezone.now()))

    async def pauses(self) -> None:
        await in_database(lambda: pause(user=self.user, reason="break", now=timezone.now()))

    async def orders(self, verb: str, argument: str = "") -> None:
        """Until it is done, or refused."""
        order = await in_database(
            lambda: give_order(user=self.user, verb=verb, argument=argument, now=timezone.now())
        )
        await eventually(
            lambda: Order.objects.filter(pk=order.pk, done_at__isnull=False).exists(),
            within_s=WITHIN_S,
        )

    async def takes(self, *, within_s: float = WITHIN_S) -> Call:
        return await self.somebody.next_call(within_s=within_s)

    async def has_state(self, state: str, *, within_s: float = WITHIN_S) -> None:
        await eventually(
            lambda: Presence.objects.filter(operator=self.user.pk, state=state).exists(),
            within_s=within_s,
        )


class Floor:
    """Use as ``async with Floor(rig) as floor``; everybody goes home at its end."""

    def __init__(self, rig: Rig) -> None:
        self._server = "127.0.0.1", rig.base + 4
        self._stack = AsyncExitStack()
        self._crew: list[Crew] = []

    async def __aenter__(self) -> Self:
        await eventually(is_quiet, within_s=WITHIN_S)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stack.aclose()
        for one in self._crew:
            await in_database(partial(_goes_home, one.user.pk))

    async def operator(
        self,
        hum_hz: int,
        *,
        branches: Sequence[str] = ("0",),
        manner: Manner = Manner.ANSWERS,
        after_s: float = 0.3,
        ready: bool = True,
    ) -> Crew:
        number = next(_count)
        user, account = await in_database(lambda: _hire(number, branches))
        phone = await self._stack.enter_async_context(Phone(self._server, account=account))
        await _registers(phone)
        somebody = await self._stack.enter_async_context(
            Somebody(phone, manner=manner, after_s=after_s, hum_hz=hum_hz)
        )
        crew = Crew(user, account.user, somebody)
        self._crew.append(crew)
        if ready:
            await crew.is_ready()
        return crew

    async def line(
        self, hum_hz: int, *, manner: Manner = Manner.ANSWERS, after_s: float = 0.3
    ) -> tuple[Somebody, str]:
        """Somebody outside, and their number."""
        phone = await self._stack.enter_async_context(Phone(self._server))
        somebody = await self._stack.enter_async_context(
            Somebody(phone, manner=manner, after_s=after_s, hum_hz=hum_hz)
        )
        return somebody, phone.demo_number


def _goes_home(user: int) -> None:
    Presence.objects.filter(operator=user).update(state="off")


def _hire(number: int, branches: Sequence[str]) -> tuple[User, Account]:
    now = timezone.now()
    user = User.objects.create_user(username=f"crew.{number}", role=Role.OPERATOR)
    ensure_operator(
        user=user,
        kind=OperatorKind.OPERATOR,
        extension=f"op{900 + number}",
        skills=dict.fromkeys(branches, 1),
        now=now,
    )
    sign_on(user=user, branches=branches, phone="sip", now=now)
    operator = Operator.objects.get(user=user)
    return user, Account(operator.extension, phone_password(operator))


async def _registers(phone: Phone) -> None:
    """The switchboard tells Asterisk of the phone in a moment."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            try:
                await phone.register()
            except RefusedError:
                await asyncio.sleep(0.2)
            else:
                return


async def waits(caller: Caller, key: str = "0") -> None:
    """Presses a key of the menu that people answer, and hums."""
    await caller.hears_question(within_s=10)
    await caller.call.press(key)
    await eventually(lambda: ticket_of(caller.contact) is not None, within_s=WITHIN_S)
    caller.call.hum(CITIZEN)


async def entered_at(caller: Caller) -> datetime:
    """Since when they wait: it never changes."""
    return await in_database(lambda: Ticket.objects.get(contact=caller.contact).entered_at)


def ticket_of(contact: UUID) -> Ticket | None:
    return Ticket.objects.filter(contact=contact).first()


async def is_in_state(caller: Caller, state: str, *, within_s: float = WITHIN_S) -> None:
    await eventually(
        lambda: Ticket.objects.filter(contact=caller.contact, state=state).exists(),
        within_s=within_s,
    )


def offers_of(contact: UUID) -> list[Offer]:
    return list(Offer.objects.filter(ticket__contact=contact).order_by("offered_at"))


async def hear_each_other(*lines: tuple[Call, int], within_s: float = WITHIN_S) -> None:
    """Each hears the tones of all the others, and no other tone."""
    for call, own in lines:
        others = {hz for _call, hz in lines if hz != own}
        await call.hears_pitches(others, of=(RINGS_HZ, *HUMS), within_s=within_s)


async def hears_only(call: Call, hums: Collection[int], *, within_s: float = WITHIN_S) -> None:
    await call.hears_pitches(hums, of=HUMS, within_s=within_s)


async def hears_ringing(call: Call) -> None:
    """And nobody's tone."""
    await call.hears_pitches({RINGS_HZ}, of=(RINGS_HZ, *HUMS), within_s=WITHIN_S)
