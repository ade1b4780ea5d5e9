"""A switchboard on the fake Asterisk, with a desk that keeps its calls in memory."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

from hotline.core.clock import SystemClock
from hotline.dialogue.begin import begin
from hotline.dialogue.exchange import Action, End, Event, Left, Started, ToCallbot, Words
from hotline.dialogue.farewell import farewell
from hotline.dialogue.questions import question
from hotline.dialogue.script import Book, Channel, Limits
from hotline.dialogue.state import Stage, State
from hotline.dialogue.step import ask_again, step
from hotline.edges.adapters.telephony.desk import DatabaseAway, Desk, Taken
from hotline.edges.adapters.telephony.dialling import Lines
from hotline.edges.adapters.telephony.fake.channel import FakeChannel, lasts_s
from hotline.edges.adapters.telephony.fake.server import FakeAsterisk
from hotline.edges.adapters.telephony.switchboard import Switchboard, Where
from hotline.edges.adapters.telephony.voice import Voice
from hotline.usecases.live_calls import LiveCall
from hotline.usecases.turn import Turn
from tests.edges.telephony.memory_queue import MemoryQueue
from tests.unit.dialogue.sample import BOOK

QUICK = Limits(
    repeats=1,
    first_key_s=0.3,
    next_key_s=0.2,
    speech_max_s=10,
    speech_silence_s=2,
    call_max_s=600,
)
CODE = "123456789"
SPEED = 20.0


def book(*, call_max_s: int = 600, first_key_s: float = 0.3) -> Book:
    quick = replace(QUICK, call_max_s=call_max_s, first_key_s=first_key_s)
    return replace(BOOK, menu=replace(BOOK.menu, limits=quick))


@dataclass
class Held:
    """One call as the desk knows it."""

    contact: UUID
    channel: str
    number: str | None
    state: State
    step: int = 0
    left: bool = False
    events: list[Event] = field(default_factory=list)


class MemoryDesk(Desk):
    """Takes each event once, like the use cases. ``away`` makes the database be away;
    ``slow_s`` makes it slow; ``breaks`` makes every step a bug of ours."""

    def __init__(self, book: Book) -> None:
        super().__init__(node="test", clock=SystemClock())
        self.book = book
        self.calls: dict[str, Held] = {}
        self.missed: list[tuple[str, str | None]] = []
        self.beats: list[tuple[bool, str]] = []
        self.away = False
        self.slow_s = 0.0
        self.breaks = False
        self.queue: MemoryQueue = MemoryQueue()
        self.queue.take_citizen = self._citizen

    def _citizen(self, channel: str) -> UUID:
        """Somebody who was rung back: with the operator already."""
        fresh = begin(channel=Channel.VOICE, language="vi", caller=None, book=self.book)
        state = replace(fresh, stage=Stage.QUEUE, branch="2", asked_person=True)
        held = self.calls[channel] = Held(uuid4(), channel, None, state)
        return held.contact

    async def take(self, *, channel: str, number: str | None) -> Taken:
        await self._wait()
        if channel not in self.calls:
            state = begin(channel=Channel.VOICE, language="vi", caller=number, book=self.book)
            self.calls[channel] = Held(uuid4(), channel, number, state)
            return self._taken(self._step(self.calls[channel], Started()))
        return await self.resume(self.calls[channel].contact)

    async def resume(self, contact: UUID) -> Taken:
        await self._wait()
        held = self._held(contact)
        return self._taken(self._turn(held, self._now(held)))

    async def hear(self, *, contact: UUID, step: int, event: Event) -> Turn:
        await self._wait()
        held = self._held(contact)
        if isinstance(event, Left):
            held.left = True
        elif held.step != step:
            return self._turn(held, self._now(held))
        if held.state.outcome is not None:
            return self._turn(held, self._now(held))
        return self._step(held, event)

    async def live_calls(self) -> list[LiveCall]:
        await self._wait()
        live = [held for held in self.calls.values() if not held.left]
        return [LiveCall(held.contact, held.channel, held.step) for held in live]

    async def take_missed(
        self, *, unique_id: str, number: str | None, at: datetime, unknown: bool = False
    ) -> None:
        await self._wait()
        self.missed.append((unique_id, number))

    async def beat(self, *, up: bool, detail: str) -> None:
        self.beats.append((up, detail))

    async def _wait(self) -> None:
        if self.breaks:
            raise RuntimeError("a bug")
        if self.away:
            raise DatabaseAway
        await asyncio.sleep(self.slow_s)

    def _step(self, held: Held, event: Event) -> Turn:
        held.events.append(event)
        before, (held.state, actions) = held.state, step(held.state, event, book=self.book)
        if held.state.stage is Stage.QUEUE and before.stage is not Stage.QUEUE:
            wish = held.state.asked_person
            if not self.queue.enter(
                held.contact, held.channel, held.state.branch or "", by_wish=wish
            ):
                held.state, actions = step(held.state, ToCallbot("nobody"), book=self.book)
        elif before.stage is Stage.QUEUE and held.state.stage is not Stage.QUEUE:
            self.queue.with_bot(held.contact)
        if held.state.outcome is not None:
            self.queue.leave(held.contact, held.state.outcome)
        held.step += 1
        return self._turn(held, actions if held.state.outcome is None else self._now(held))

    def _now(self, held: Held) -> tuple[Action, ...]:
        if held.state.outcome is None:
            return ask_again(held.state, book=self.book)
        return (*farewell(held.state, book=self.book, code=CODE, callback=False), End())

    def _turn(self, held: Held, actions: tuple[Action, ...]) -> Turn:
        return Turn(
            contact=held.contact,
            step=held.step,
            state=held.state,
            actions=actions,
            code=None,
            pin=None,
            language="vi",
            city_version=1,
        )

    def _taken(self, turn: Turn) -> Taken:
        return Taken(turn, self.book.menu.limits.call_max_s, self.book)

    def _held(self, contact: UUID) -> Held:
        return next(held for held in self.calls.values() if held.contact == contact)


class Names:
    """A voice whose prompts are names: a test reads what was heard."""

    def ensure(self, texts: Iterable[tuple[str, str]]) -> int:
        return 0

    def prepare(self, **_what: Any) -> int:
        return 0

    def path(self, language: str, text: str) -> Path:
        return Path(text)

    def digit(self, language: str, digit: str) -> Path:
        return Path(f"digit-{digit}")

    def fixed(self, name: str) -> Path:
        return Path(name)

    def lasts_s(self, prompt: Path) -> float:
        return lasts_s(f"sound:{prompt}") / SPEED

    def together(self, prompts: Sequence[Path]) -> list[Path]:
        return list(prompts)


class Office:
    """Use as ``async with Office(folder) as office``. ``die`` and ``open`` are a switchboard's
    end by -9 and its coming back."""

    def __init__(self, folder: Path, *, book: Book) -> None:
        self.recordings = folder / "recordings"
        self.missed = folder / "missed"
        for made in (self.recordings, self.missed):
            made.mkdir()
        self.asterisk = FakeAsterisk(self.recordings, speed=SPEED)
        self.desk = MemoryDesk(book)
        self.trunk: dict[str, str] = {}
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.asterisk.__aenter__()
        await self.open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.die()
        await self.asterisk.__aexit__()

    async def open(self) -> None:
        where = Where(
            url=self.asterisk.url,
            user="hotline",
            password="",
            recordings=self.recordings,
            missed=self.missed,
            outside=Lines(trunk=self.trunk.get, caller="1022", dials=True),
        )
        switchboard = Switchboard(where, desk=self.desk, voice=Voice(Names()))
        self._running = asyncio.create_task(switchboard.run())
        before = len(self.asterisk.asked)
        await until(lambda: "GET channels" in self.asterisk.asked[before:])

    async def die(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def ring(self, number: str = "+84901234567") -> "Talk":
        return Talk(self, await self.asterisk.ring(number))


@dataclass
class Talk:
    """A caller and what the desk knows of the call."""

    office: Office
    line: FakeChannel
    mark: int = 0

    @property
    def held(self) -> Held:
        return self.office.desk.calls[self.line.id]

    @property
    def heard(self) -> list[str]:
        return [media.removeprefix("sound:") for media in self.line.heard]

    async def is_asked(self, stage_or_slot: str) -> None:
        """Until this question sounds, after what was heard when the last key was pressed."""
        await until(lambda: self._is_asked(stage_or_slot))

    def _is_asked(self, stage_or_slot: str) -> bool:
        if self.line.id not in self.office.desk.calls:
            return False
        state = self.held.state
        if stage_or_slot not in {state.stage, state.slot}:
            return False
        parts = question(state, self.office.desk.book).parts
        words = next(part.text for part in parts if isinstance(part, Words))
        return words in self.heard[self.mark :]

    async def presses(self, keys: str) -> None:
        self.mark = len(self.heard)
        await self.line.press(keys)

    async def answers_by_keys(self, until_slot: str) -> None:
        for stage, keys in (
            ("menu", "2"),
            ("consent", "1"),
            ("need", "1"),
            ("for_whom", "1"),
            ("household", "4#"),
        ):
            await self.is_asked(stage)
            if stage == until_slot:
                return
            await self.presses(keys)
        await self.is_asked(until_slot)


async def until(condition: Callable[[], bool], *, within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)
