"""A caller and people: waiting for an operator, speaking with one, or with a line outside."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from hotline.dialogue.exchange import (
    Event,
    Outside,
    OutsideOver,
    Part,
    PersonFree,
    Served,
    Wait,
)
from hotline.dialogue.persons import may_be_offered
from hotline.dialogue.questions import speaker_of
from hotline.dialogue.script import Book
from hotline.dialogue.state import Stage
from hotline.edges.adapters.telephony.dialling import Dialler
from hotline.edges.adapters.telephony.floor import Floor, is_other
from hotline.edges.adapters.telephony.line import Line
from hotline.edges.adapters.telephony.moments import moment
from hotline.edges.adapters.telephony.outside import ANSWERED, OutsideLine
from hotline.edges.adapters.telephony.player import Player
from hotline.edges.adapters.telephony.queue_desk import QueueDesk
from hotline.edges.adapters.telephony.voice import Voice
from hotline.edges.adapters.telephony.waiting import Waiter, Waiting
from hotline.usecases.turn import Turn

FREE_FOR_S = 1.0
"""What the queue said so long ago about somebody who is free may still be true."""


@dataclass(frozen=True, slots=True)
class Persons:
    """What a call needs to reach people. ``look_soon``: the queue has something new;
    ``talks``: who speaks with an operator, offers by contact."""

    desk: QueueDesk
    floor: Floor
    dialler: Dialler
    look_soon: Callable[[], None]
    talks: Callable[[], Awaitable[dict[UUID, UUID]]]


class Caller:
    """One call's way to people."""

    def __init__(self, persons: Persons, line: Line, player: Player, voice: Voice) -> None:
        self._persons = persons
        self._line = line
        self._player = player
        self._voice = voice
        self._waiter: Waiter | None = None
        self._outside: OutsideLine | None = None

    @property
    def is_put_through(self) -> bool:
        """Whether the caller hears somebody, or did when we came."""
        return self._persons.floor.bridge_of(self._line.channel) is not None

    def is_offered_a_person(self, turn: Turn, book: Book) -> bool:
        """Whether somebody is free for them, between two questions of the callbot."""
        if not may_be_offered(turn.state, PersonFree(), book):
            return False
        now = asyncio.get_running_loop().time()
        level = self._line.level_since(now - FREE_FOR_S)
        return level is not None and level.seat is not None and level.seat.offer_person

    async def with_people(
        self, turn: Turn, book: Book, task: Wait | Outside, said: tuple[Part, ...]
    ) -> Event:
        """Until the one event that ends it. Raises HungUp, AriError."""
        line = self._line
        line.since = moment()
        speaker = speaker_of(turn.state, book)
        self._waiter = line.waiter = Waiter(
            line, self._player, speaker=speaker, lent=self.is_put_through
        )
        if isinstance(task, Outside):
            return await self._with_outside(self._waiter, turn, task, said)
        self._persons.look_soon()
        waiting = Waiting(line, self._waiter, self._voice, turn, book, task)
        try:
            return await waiting.run(said)
        finally:
            line.waiter = None

    async def _with_outside(
        self, waiter: Waiter, turn: Turn, task: Outside, said: tuple[Part, ...]
    ) -> OutsideOver:
        persons = self._persons
        words = (*said, waiter.speaker.phrase("connecting"))

        async def begin() -> None:
            media = await self._voice.media(turn.language, words)
            await waiter.play(media.uris)

        self._outside = OutsideLine(
            self._line, waiter, persons.floor, persons.dialler, turn.contact
        )
        return await self._outside.connect(task.number, begin)

    async def over(self, turn: Turn) -> Event | None:
        """The caller has hung up: what that means if they were with people."""
        waiter = self._waiter
        if waiter is None:
            return await self._rung_and_gone(turn)
        if turn.state.stage is Stage.QUEUE and waiter.talk is not None:
            await self._persons.desk.talk_over(waiter.talk, by="caller")
            self._persons.look_soon()
            return Served()
        if turn.state.stage is Stage.QUEUE and waiter.outside:
            return Served()
        if self._outside is not None and self._outside.spoke:
            return OutsideOver(ANSWERED)
        return await self._rung_and_gone(turn)

    async def _rung_and_gone(self, turn: Turn) -> Event | None:
        """Somebody whom an operator rang can hang up before their driver knows of the talk:
        they spoke with a person all the same, and are not rung once more."""
        if turn.state.stage is not Stage.QUEUE or not is_other(self._line.channel):
            return None
        offer = (await self._persons.talks()).get(turn.contact)
        if offer is None:
            return None
        await self._persons.desk.talk_over(offer, by="caller")
        self._persons.look_soon()
        return Served()
