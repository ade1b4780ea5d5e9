"""One call from its first word to its last: do the actions, await one event, tell the use
case, do the next actions."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from hotline.dialogue.exchange import (
    Ask,
    Event,
    Left,
    Outside,
    Part,
    PersonFree,
    Say,
    Silence,
    Wait,
)
from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.ari.client import GONE, Ari
from hotline.edges.adapters.telephony.ari.events import PlaybackOver
from hotline.edges.adapters.telephony.caller import Caller, Persons
from hotline.edges.adapters.telephony.desk import Desk, Taken
from hotline.edges.adapters.telephony.keys import LONGEST_PROMPT_S, ask_by_keys
from hotline.edges.adapters.telephony.line import HungUp, Line
from hotline.edges.adapters.telephony.moments import moment
from hotline.edges.adapters.telephony.player import Player
from hotline.edges.adapters.telephony.recorder import Question, Recorder
from hotline.edges.adapters.telephony.spool import Spool
from hotline.edges.adapters.telephony.voice import Media, Voice
from hotline.usecases.live_calls import LiveCall
from hotline.usecases.turn import Turn

log = logging.getLogger(__name__)
T = TypeVar("T")

HOLD_AFTER_S = 1.0
"""Whatever takes us longer than this is waited for with music."""
WAY_OUT = {"context": "missed", "extension": "start"}
"""Where the dialplan apologises and notes the number for a call-back."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every call of a switchboard shares."""

    ari: Ari
    desk: Desk
    voice: Voice
    spool: Spool
    persons: Persons


class Call:
    """``run`` ends when the caller is gone, or was sent to the dialplan's way out because
    we could not go on. AriError comes out if Asterisk did not answer: the call lives on
    there and is taken up again."""

    def __init__(self, tools: Tools, line: Line) -> None:
        self._tools = tools
        self._line = line
        self._player = Player(tools.ari, line, rest=tools.voice.rest)
        self._player.answer_first()
        self._recorder = Recorder(tools.ari, line, self._player, tools.spool)
        self._caller = Caller(tools.persons, line, self._player, tools.voice)
        self._turn: Turn | None = None
        self._most: asyncio.Timeout | None = None

    @property
    def is_known(self) -> bool:
        """Whether the database has it."""
        return self._turn is not None

    async def take(self, number: str | None, *, found: bool = False) -> None:
        """A new call, or one that the database knows by its channel; ``found`` if it stood
        there when we came, so that something may sound on it."""

        async def begin() -> Taken:
            if found:
                await self._player.find()
            desk = self._tools.desk
            return await self._patiently(desk.take(channel=self._line.channel, number=number))

        await self._run(begin)

    async def resume(self, live: LiveCall) -> None:
        """A call that another switchboard, or this one before it lost Asterisk, drove."""
        await self.resume_contact(live.contact)

    async def resume_contact(self, contact: UUID) -> None:
        """A contact that exists already, on this channel."""

        async def begin() -> Taken:
            if not self._caller.is_put_through:
                await self._player.find()
            return await self._patiently(self._tools.desk.resume(contact))

        await self._run(begin, resumed=True)

    async def _run(self, begin: Callable[[], Awaitable[Taken]], *, resumed: bool = False) -> None:
        try:
            try:
                await self._drive(await begin(), resumed=resumed)
            except HungUp:
                await self._leave()
            except AriError as error:
                if error.status not in GONE:
                    raise
                await self._leave()
        except AriError as error:
            if not error.permanent:
                raise  # the channel stands as it stood: whoever looks next takes it up
            await self._give_up(error)
        except Exception as error:  # whatever is wrong with us, the caller gets a way out
            await self._give_up(error)

    async def _drive(self, taken: Taken, *, resumed: bool) -> None:
        self._turn = taken.turn
        try:
            async with asyncio.timeout(taken.most_s) as self._most:
                await self._converse(taken, resumed=resumed)
        except TimeoutError:
            await self._end_long_call(self._turn)

    async def _converse(self, taken: Taken, *, resumed: bool) -> None:
        turn = taken.turn
        while True:
            self._turn = turn
            said, task = _words(turn)
            if task is None:
                await self._say_goodbye(turn, said)
                return
            event = await self._begun_before(turn, task) if resumed else None
            if event is None:
                event = await self._next_event(turn, task, said, taken)
            resumed = False
            self._line.since = moment()
            turn = await self._patiently(
                self._tools.desk.hear(contact=turn.contact, step=turn.step, event=event)
            )

    async def _next_event(
        self, turn: Turn, task: Ask | Wait | Outside, said: tuple[Part, ...], taken: Taken
    ) -> Event:
        if isinstance(task, Ask):
            if self._caller.is_offered_a_person(turn, taken.book):
                return PersonFree()
            return await self._put(turn, task, said)
        # nobody is sent away for having waited or spoken with people for long
        self._let_last(None)
        try:
            return await self._caller.with_people(turn, taken.book, task, said)
        finally:
            self._let_last(taken.most_s)

    def _let_last(self, most_s: float | None) -> None:
        if self._most is not None and not self._most.expired():
            now = asyncio.get_running_loop().time()
            self._most.reschedule(None if most_s is None else now + most_s)

    async def _put(self, turn: Turn, ask: Ask, said: tuple[Part, ...]) -> Event:
        """Ask, and return the one event that answers."""
        media = await self._media(
            turn, (*said, *ask.problem, *ask.parts), tone=ask.speech is not None
        )
        instant = ask.speech.instant if ask.speech else ask.keys.instant if ask.keys else ""
        self._line.forget(but_keys=instant)
        if ask.speech is not None:
            question = Question(turn.contact, turn.step, ask.speech, ask.keys)
            return await self._recorder.ask(question, media.uris)
        if ask.keys is not None:
            return await ask_by_keys(self._line, self._player, media, ask.keys)
        log.error("a question that a telephone cannot ask")
        return Silence()

    async def _begun_before(self, turn: Turn, ask: Ask | Wait | Outside) -> Event | None:
        """The answer that was being given when the switchboard died."""
        if not isinstance(ask, Ask) or ask.speech is None:
            return None
        question = Question(turn.contact, turn.step, ask.speech, ask.keys)
        return await self._recorder.take_up(question)

    async def _say_goodbye(self, turn: Turn, said: tuple[Part, ...]) -> None:
        media = await self._media(turn, said)
        playback = await self._player.say(media.uris)
        until = asyncio.get_running_loop().time() + LONGEST_PROMPT_S
        while event := await self._line.next(until=until):
            if isinstance(event, PlaybackOver) and event.playback == playback:
                break
        await self._tools.ari.hang_up(self._line.channel)
        await self._leave()

    async def _media(self, turn: Turn, parts: tuple[Part, ...], *, tone: bool = False) -> Media:
        return await self._patiently(self._tools.voice.media(turn.language, parts, tone=tone))

    async def _patiently(self, work: Awaitable[T]) -> T:
        """The caller hears music while we wait for something of ours, unless they speak with
        somebody."""
        holding: list[asyncio.Task[str]] = []

        def hold() -> None:
            if self._caller.is_put_through:
                return
            holding.append(asyncio.create_task(self._player.wait_with_music()))

        timer = asyncio.get_running_loop().call_later(HOLD_AFTER_S, hold)
        try:
            return await work
        finally:
            timer.cancel()
            if holding:  # trouble of the music must not hide that of the work
                await asyncio.gather(*holding, return_exceptions=True)

    async def _end_long_call(self, turn: Turn) -> None:
        """Nobody speaks with us for longer than the city allows: what was said is kept, and
        the farewell says what happens next."""
        turn = await self._tell_left(turn)
        said, _ask = _words(turn)
        await self._say_goodbye(turn, said)

    async def _leave(self) -> None:
        turn = self._turn
        if turn is None:
            return
        over = await self._caller.over(turn)
        if over is not None:
            turn = await self._tools.desk.hear(contact=turn.contact, step=turn.step, event=over)
        await self._tell_left(turn)

    async def _tell_left(self, turn: Turn) -> Turn:
        return await self._tools.desk.hear(contact=turn.contact, step=turn.step, event=Left())

    async def _give_up(self, error: Exception) -> None:
        """The switchboard's sweep tells the use case later that the caller left."""
        log.error("a call is sent to the way out: %s", type(error).__name__, exc_info=error)
        try:
            await self._player.be_silent()
            await self._tools.ari.send_back(self._line.channel, **WAY_OUT)
        except AriError:
            log.warning("a call could not be sent to the way out")


def _words(turn: Turn) -> tuple[tuple[Part, ...], Ask | Wait | Outside | None]:
    """What is said first, and what follows: a question, people; None if the dialogue is
    over."""
    said: list[Part] = []
    for action in turn.actions:
        if isinstance(action, Ask | Wait | Outside):
            return tuple(said), action
        if isinstance(action, Say):
            said += action.parts
    return tuple(said), None
