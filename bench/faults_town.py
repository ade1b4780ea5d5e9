"""Callers, operators and others in a fault run: they do what people do, at random, at moments
that often coincide."""

import asyncio
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from bench.faults_asterisk import FaultyAsterisk
from bench.faults_desk import Database, FaultyDesk, VirtualClock
from bench.faults_plan import Fault
from hotline.core.errors import NotFound, Refusal
from hotline.dialogue.exchange import Ask, Expect, Outside, Wait
from hotline.domain.accounts.models import User
from hotline.domain.queue.models import Offer, OfferState, Verb
from hotline.edges.adapters.telephony.fake.bridges import FakePhone
from hotline.edges.adapters.telephony.fake.channel import FakeChannel
from hotline.usecases.desk_seen import desk_seen
from hotline.usecases.give_order import give_order
from hotline.usecases.go_ready import go_ready
from hotline.usecases.pause import pause
from hotline.usecases.sign_off import sign_off
from hotline.usecases.sign_on import sign_on

TICK_S = 0.25
"""People act on this grid, so that two things often happen in one instant."""
SEEN_EVERY_S = 10.0
BRANCHES = ("2", "4", "0")
OUTSIDE = ("0281111111", "0282222222", "0283333333")
"""Answers; is busy; never answers."""
_KEYS = {
    Expect.KNOWN: ("1", "2"),
    Expect.MENU: ("2", "2", "2", "4", "0", "*", "1"),
    Expect.ANNOUNCEMENT: ("1", "2"),
    Expect.CONSENT: ("1", "1", "1", "2"),
    Expect.CHOICE: ("1", "1", "2"),
    Expect.NUMBER: ("4#",),
    Expect.PHONE: ("0901234567#", "#"),
    Expect.CONFIRM: ("1", "1", "1", "2"),
    Expect.CORRECT: ("1", "2"),
    Expect.OFFER: ("1", "2"),
}
_ORDERS = (
    (Verb.HOLD, ""),
    (Verb.RESUME, ""),
    (Verb.THREE_WAY, ""),
    (Verb.COMPLETE, ""),
    (Verb.CANCEL, ""),
    (Verb.WARN, ""),
    (Verb.TELL_NUMBER, "number:115"),
    (Verb.END, ""),
    *((verb, f"number:{number}") for verb in (Verb.CONSULT, Verb.BLIND) for number in OUTSIDE),
)


def trunk(number: str) -> str | None:
    """Everything goes out; the others' numbers answer as the town says."""
    return f"PJSIP/{number}@trunk"


class Town:
    """``desk`` is the present switchboard's. Everything ends with ``close``: nobody rings any
    more, and whoever is on the line hangs up."""

    def __init__(
        self,
        random: Random,
        asterisk: FaultyAsterisk,
        database: Database,
        clock: VirtualClock,
        users: list[User],
    ) -> None:
        self.random = random
        self.asterisk = asterisk
        self.desk: FaultyDesk | None = None
        self.closed = False
        self.rang: list[FakeChannel] = []
        self._database = database
        self._clock = clock
        self._users = users
        self._phones: dict[int, FakePhone] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._talks: tuple[int, frozenset[int]] = (-1, frozenset())
        results = (FakePhone(), FakePhone(refuses=17), FakePhone(answers_after_s=None))
        for number, phone in zip(OUTSIDE, results, strict=True):
            asterisk.phones[f"PJSIP/{number}@trunk"] = phone

    def open(self, callers: list[str], *, within_s: float) -> None:
        for user in self._users:
            phone = FakePhone(answers_after_s=self.random.choice((0.25, 1.0, 3.0)))
            self._phones[user.pk] = self.asterisk.phones[f"PJSIP/{user.operator.extension}"] = phone
            self._tasks.append(asyncio.create_task(self._works(user, phone)))
        for number in callers:
            rung_back = FakePhone(answers_after_s=self.random.choice((1.0, 2.0, None)))
            for written in (number, f"0{number.removeprefix('+84')}"):
                self.asterisk.phones[f"PJSIP/{written}@trunk"] = rung_back
            at = self._grid(self.random.uniform(0, within_s))
            self._tasks.append(asyncio.create_task(self._calls(number, at)))

    async def close(self) -> None:
        """Nobody new; whoever is on the line may finish, and then hangs up."""
        self.closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for phone in self.asterisk.phones.values():
            phone.answers_after_s = None
        await self.hang_up()
        for user in self._users:
            # whoever is not talking any more stands at the desk, and rests
            self._do(partial(desk_seen, user=user, now=self._clock.now()))

    async def hang_up(self) -> None:
        """Everybody in the same instant."""
        for channel in list(self.asterisk.channels.values()):
            await channel.hang_up()

    def strike(self, fault: Fault) -> None:
        """The faults that people make, at this very moment."""
        alive = [one for one in self.asterisk.channels.values() if not one.ended.is_set()]
        dialled = [one for one in alive if not one.id.startswith("fake-")]
        callers = [one for one in alive if one.id.startswith("fake-")]
        chosen: FakeChannel | None = None
        if fault is Fault.CALLER_GONE and callers:
            chosen = self.random.choice(callers)
        elif fault is Fault.OTHER_GONE and dialled:
            chosen = self.random.choice(dialled)
        elif fault is Fault.ANSWERS:
            ringing = [one for one in dialled if not one.up]
            if ringing:
                self.random.choice(ringing).answered()
        if chosen is not None:
            self._tasks.append(asyncio.create_task(chosen.hang_up()))

    # --- callers ----------------------------------------------------------------------

    async def _calls(self, number: str, at: float) -> None:
        random = self.random
        await asyncio.sleep(at)
        for _attempt in range(random.choice((1, 1, 2))):
            channel = await self.asterisk.ring(number)
            if channel.ours:
                self.rang.append(channel)
            until = asyncio.get_running_loop().time() + random.choice((5, 20, 40, 90, 200))
            while not channel.ended.is_set() and asyncio.get_running_loop().time() < until:
                await asyncio.sleep(self._grid(random.choice((0.5, 1, 2, 4))))
                await self._acts(channel)
            await channel.hang_up()
            await asyncio.sleep(self._grid(random.uniform(1, 20)))

    async def _acts(self, channel: FakeChannel) -> None:
        turn = self.desk.turns.get(channel.id) if self.desk is not None else None
        if turn is None or not turn.actions or channel.ended.is_set():
            return
        asked = turn.actions[-1]
        random = self.random
        if isinstance(asked, Wait | Outside):
            if random.random() < 0.08:
                await channel.press(random.choice("12#5"))
        elif isinstance(asked, Ask) and asked.speech is not None and random.random() < 0.9:
            await channel.speak(random.choice((0.5, 1.5, 3)))
            await channel.press("#")
        elif isinstance(asked, Ask):
            key = "*" if random.random() < 0.06 else random.choice(_KEYS.get(asked.expect, ("1",)))
            await channel.press(key)

    # --- operators --------------------------------------------------------------------

    async def _works(self, user: User, phone: FakePhone) -> None:
        random = self.random
        await asyncio.sleep(self._grid(random.uniform(0, 15)))
        self._at_desk(sign_on, user, branches=BRANCHES, phone="sip")
        self._at_desk(go_ready, user)
        seen_at = 0.0
        while True:
            await asyncio.sleep(self._grid(random.choice((1, 2, 4))))
            if (now := asyncio.get_running_loop().time()) >= seen_at + SEEN_EVERY_S:
                self._database.unnoticed(partial(desk_seen, user=user, now=self._clock.now()))
                seen_at = now
            talks = user.pk in self._talking()
            chance = random.random()
            if talks and chance < 0.25:
                verb, argument = random.choice(_ORDERS)
                self._at_desk(give_order, user, verb=verb, argument=argument)
            elif talks and chance < 0.35:
                await self._hangs_up(phone)
            elif not talks and chance < 0.3:
                self._at_desk(go_ready, user)
            elif not talks and chance < 0.34:
                self._at_desk(pause, user, reason="break")
            elif not talks and chance < 0.36:
                self._at_desk(sign_off, user)
                self._at_desk(sign_on, user, branches=BRANCHES, phone="sip")
            elif chance < 0.42:
                phone.answers_after_s = random.choice((0.25, 1.0, 3.0, 14.75, 15.0, None))
                phone.refuses = random.choice((None, None, None, 17, 21))

    def _talking(self) -> frozenset[int]:
        """Operators by user id."""
        if (version := self._database.version()) != self._talks[0]:
            talks = Offer.objects.filter(state=OfferState.TALKING)
            self._talks = version, frozenset(talks.values_list("operator_id", flat=True))
        return self._talks[1]

    async def _hangs_up(self, phone: FakePhone) -> None:
        for channel in phone.calls:
            if channel.up and not channel.ended.is_set():
                await channel.hang_up()

    def _at_desk(self, use_case: Callable[..., object], user: User, **what: Any) -> None:
        self._do(lambda: use_case(user=user, now=self._clock.now(), **what))
        if self.desk is not None:
            self.desk.somebody_changed_something()

    def _do(self, work: Callable[[], object]) -> None:
        self._database.changed()
        try:
            work()
        except (Refusal, NotFound):
            return

    def _grid(self, seconds: float) -> float:
        """Until the grid's moment nearest to so many seconds from now."""
        now = asyncio.get_running_loop().time()
        return max(TICK_S, round((now + seconds) / TICK_S) * TICK_S - now)
