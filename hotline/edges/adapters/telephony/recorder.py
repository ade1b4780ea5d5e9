"""Recording a spoken answer."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hotline.dialogue.exchange import (
    KeyInput,
    Keys,
    RecordingFailed,
    Silence,
    SpeechInput,
    Spoke,
)
from hotline.edges.adapters.telephony.ari.client import Ari
from hotline.edges.adapters.telephony.ari.events import KeyPressed, RecordingBegan, RecordingOver
from hotline.edges.adapters.telephony.keys import LONGEST_PROMPT_S, go_on_with
from hotline.edges.adapters.telephony.line import HungUp, Line
from hotline.edges.adapters.telephony.player import Player
from hotline.edges.adapters.telephony.spool import Spool, TooLong

log = logging.getLogger(__name__)

PATIENCE_S = 6
"""How long somebody may think before the first word. Asterisk counts silence before speech
like silence after it, so that an empty recording is simply followed by another."""
TRIES_MOST = 3
WORD_S = 0.2
"""Less sound than this is a click, not a word."""
PARTIAL_S = 1.0
"""What somebody was saying when they hung up counts from here on."""
GRACE_S = 10.0
"""After the longest time that a recording may take, Asterisk must have said that it is over."""

Answered = Spoke | Keys | Silence | RecordingFailed


def name_of(contact: UUID, step: int, attempt: int) -> str:
    """The recording's file name: whoever comes after a crash finds the answer by it."""
    return f"{contact}-{step}-{attempt}"


def left_behind(spool: Spool, contact: UUID, step: int, attempt: int) -> Spoke | None:
    """A recording that nobody runs any more, if it holds enough to count; else it goes."""
    name = name_of(contact, step, attempt)
    measured = spool.measure(name)
    if measured is None or measured.talking_s < PARTIAL_S:
        spool.drop(name)
        return None
    return Spoke(name, round(measured.seconds, 2))


@dataclass(frozen=True, slots=True)
class Question:
    """Which answer is recorded, and how."""

    contact: UUID
    step: int
    speech: SpeechInput
    keys: KeyInput | None = None

    @property
    def attempts(self) -> int:
        return min(TRIES_MOST, max(1, round(PATIENCE_S / self.speech.silence_s)))

    def name(self, attempt: int) -> str:
        return name_of(self.contact, self.step, attempt)


class Recorder:
    """One call's recorder. Every public method raises HungUp and AriError."""

    def __init__(self, ari: Ari, line: Line, player: Player, spool: Spool) -> None:
        self._ari = ari
        self._line = line
        self._player = player
        self._spool = spool

    async def ask(self, question: Question, media: Sequence[str]) -> Answered:
        """Say ``media`` (the tone at its end) and record what follows."""
        if not self._spool.had_room and not await asyncio.to_thread(self._spool.has_room):
            log.error("no room for recordings: the disk is full")
            return RecordingFailed()
        for attempt in range(1, question.attempts + 1):
            answer = await self._record(question, attempt, media if attempt == 1 else ())
            if not isinstance(answer, Silence):
                return answer
        return Silence()

    async def take_up(self, question: Question) -> Answered | None:
        """The answer that another switchboard began to record; None if there is none. Waits
        for the end of a recording that runs."""
        for attempt in range(question.attempts, 0, -1):
            name = question.name(attempt)
            if await self._ari.is_recording(name):
                answer = await self._wait(question, name, prompt=None)
                return None if isinstance(answer, Silence) else answer
            ids = question.contact, question.step, attempt
            if spoken := await asyncio.to_thread(left_behind, self._spool, *ids):
                return spoken
        return None

    async def _record(self, question: Question, attempt: int, media: Sequence[str]) -> Answered:
        name, speech = question.name(attempt), question.speech
        prompt = await self._player.play_before(media, name, speech.max_s, speech.silence_s)
        return await self._wait(question, name, prompt=prompt if media else None)

    async def _wait(self, question: Question, name: str, *, prompt: str | None) -> Answered:
        """Until the recording is over. ``prompt`` is what sounds before it."""
        clock = asyncio.get_running_loop().time
        most_s = question.speech.max_s + GRACE_S
        until = clock() + (LONGEST_PROMPT_S if prompt else 0) + most_s
        running = prompt is None
        while True:
            match await self._line.next(until=until):
                case None:
                    log.error("a recording did not end in time")
                    await self._ari.stop_recording(name)
                    return await self._judge(name, failed=False)
                case RecordingBegan(recording=known) if known == name:
                    running, until = True, clock() + most_s
                case RecordingOver(recording=known, failed=failed) if known == name:
                    return await self._judge(name, failed=failed)
                case KeyPressed() as key if key.digit in question.speech.instant:
                    return await self._interrupt(key, name, prompt=None if running else prompt)
                case KeyPressed(digit=digit) if prompt and not running:
                    if question.keys is not None and digit != "#":
                        await self._abandon(name, prompt)
                        return await go_on_with(digit, self._line, self._player, question.keys)
                    await self._player.stop(prompt)  # they know the question: record now

    async def _interrupt(self, key: KeyPressed, name: str, *, prompt: str | None) -> Answered:
        """A person is wanted: what was said so far is the answer, the key comes after it."""
        if prompt is not None:
            await self._abandon(name, prompt)
            return Keys(key.digit)
        await self._ari.stop_recording(name)
        await self._over(name)
        answer = await self._judge(name, failed=False)
        if isinstance(answer, Spoke):
            self._line.put_back(key)
            return answer
        return Keys(key.digit)

    async def _abandon(self, name: str, prompt: str) -> None:
        """Asterisk cannot take back a recording that waits for its turn, only stop one that
        runs: the prompt is stopped, and the recording as soon as it begins."""
        await self._player.stop(prompt)
        until = asyncio.get_running_loop().time() + GRACE_S
        while event := await self._line.next(until=until):
            if isinstance(event, RecordingBegan) and event.recording == name:
                break
        await self._ari.stop_recording(name)
        await self._over(name)
        await asyncio.to_thread(self._spool.drop, name)

    async def _over(self, name: str) -> None:
        until = asyncio.get_running_loop().time() + GRACE_S
        while event := await self._line.next(until=until):
            if isinstance(event, RecordingOver) and event.recording == name:
                return

    async def _judge(self, name: str, *, failed: bool) -> Answered:
        """What a recording that is over amounts to."""
        try:
            measured = self._spool.measure_short(name)  # sooner done than given to a thread
        except TooLong:
            measured = await asyncio.to_thread(self._spool.measure, name)
        if measured is None:
            return RecordingFailed()
        if measured.talking_s >= (PARTIAL_S if self._line.gone else WORD_S):
            return Spoke(name, round(measured.seconds, 2))
        await asyncio.to_thread(self._spool.drop, name)
        if self._line.gone:
            raise HungUp
        return RecordingFailed() if failed or not measured.seconds else Silence()
