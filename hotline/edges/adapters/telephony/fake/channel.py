"""One caller's channel: commands one after the other, sound and keys in scaled time."""

import asyncio
import wave
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Emit = Callable[[Mapping[str, Any]], None]

RATE = 8000
TICK_S = 0.1
TONE = "tone:"
NORMAL = 16
"""The cause of a call that was hung up (Q.850)."""
DEFAULT_S, DEFAULT_MUSIC_S = 0.5, 2.5
"""How long a piece sounds whose file is not there."""


@dataclass(eq=False)
class Playback:
    """Stopped while it waits for its turn, it ends without a sound when the turn comes."""

    id: str
    media: Sequence[str]
    stopped: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False)
class Recording:
    """A stop before its turn does nothing (Asterisk accepts it and records all the same)."""

    name: str
    most_s: float
    silence_s: float
    running: bool = False
    stopped: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False)
class Joining:
    """Into a bridge, as soon as its turn comes."""

    join: Callable[[], None]
    done: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(kw_only=True)
class Ways:
    """``speed``: how many seconds pass in one; ``fails``: how many of the next recordings
    fail; ``loses``: how many leave no file."""

    folder: Path
    speed: float = 20.0
    fails: int = 0
    loses: int = 0


class FakeChannel:
    """Also the caller: ``press``, ``speak``, ``hang_up``, and ``heard``, the media URIs that
    began to sound. ``arguments`` are what the application is told of it; ``up`` is false
    while somebody is being dialled."""

    def __init__(
        self,
        id_: str,
        caller: str,
        ways: Ways,
        emit: Emit,
        *,
        arguments: str = "1022,allowed",
        up: bool = True,
    ) -> None:
        self.id = id_
        self.caller = caller
        self.arguments = arguments
        self.up = up
        self.ours = up
        self.followed = False
        self.ended = asyncio.Event()
        self.heard: list[str] = []
        self._ways = ways
        self._emit = emit
        self._talking = False
        self._commands: deque[Playback | Recording | Joining] = deque()
        self._more = asyncio.Event()
        self._work = asyncio.create_task(self._serve())

    # --- the caller ---------------------------------------------------------------

    async def press(self, digits: str) -> None:
        for digit in digits:
            await self._pass(0.1)
            self._say("ChannelDtmfReceived", digit=digit, channel=self.described())
            for command in list(self._commands):
                if digit == "#" and isinstance(command, Recording) and command.running:
                    command.stopped.set()

    async def speak(self, seconds: float) -> None:
        self._talking = True
        await self._pass(seconds)
        self._talking = False

    async def hang_up(self, cause: int = NORMAL) -> None:
        await self.end(cause)

    # --- what Asterisk does -----------------------------------------------------------

    def answered(self) -> None:
        """Who was dialled takes the call."""
        self.up = self.ours = True
        arguments = self.arguments.split(",")
        self._say("StasisStart", args=arguments, channel=self.described())

    @property
    def hears_tone(self) -> bool:
        """Until it is stopped: nobody else is heard meanwhile, and the channel stays where it
        is."""
        now = self._commands[0] if self._commands else None
        return isinstance(now, Playback) and now.media[0].startswith(TONE)

    def add(self, command: Playback | Recording | Joining) -> None:
        self._commands.append(command)
        self._more.set()

    def find(self, kind: type[Playback] | type[Recording], name: str) -> Any:
        """The command that runs or waits, or None."""
        for command in self._commands:
            if isinstance(command, kind) and name in {
                getattr(command, "id", None),
                getattr(command, "name", None),
            }:
                return command
        return None

    async def end(self, cause: int = NORMAL, *, asked: bool = True) -> None:
        """What runs ends first, as in Asterisk; then the channel does. ``asked``: it hung up
        itself, and was not hung up."""
        if self.ended.is_set():
            return
        self.ended.set()
        for command in self._commands:
            command.stopped.set()
        self._more.set()
        await self._work
        known = self.ours and not self.followed
        if self.ours and asked:
            self._say("ChannelHangupRequest", channel=self.described(), cause=cause)
        self.leave()
        if not known:  # whoever leaves the application is not spoken of any more
            self._say("ChannelDestroyed", channel=self.described(), cause=cause)

    def leave(self) -> None:
        """The channel leaves our application."""
        if self.ours:
            self.ours = False
            self._say("StasisEnd", channel=self.described())

    def described(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "state": "Up" if self.up else "Ringing",
            "caller": {"name": "", "number": self.caller},
            "dialplan": {
                "app_name": "Stasis" if self.ours else "Playback",
                "app_data": f"hotline,{self.arguments}",
            },
        }

    async def _serve(self) -> None:
        while True:
            while not self._commands:
                if self.ended.is_set():
                    return
                self._more.clear()
                await self._more.wait()
            command = self._commands[0]
            if isinstance(command, Playback):
                await self._play(command)
            elif isinstance(command, Joining):
                if not self.ended.is_set():
                    command.join()
                command.done.set()
            else:
                await self._record(command)
            self._commands.popleft()

    async def _play(self, playback: Playback) -> None:
        for media in playback.media:
            if playback.stopped.is_set():
                break
            self.heard.append(media)
            self._say("PlaybackStarted", playback=self._playback(playback, media, "playing"))
            if media.startswith(TONE):
                await playback.stopped.wait()
            await self._pass(lasts_s(media), unless=playback.stopped)
        last = playback.media[-1]
        self._say("PlaybackFinished", playback=self._playback(playback, last, "done"))

    async def _record(self, recording: Recording) -> None:
        recording.running = True
        recording.stopped.clear()
        if self.ended.is_set():
            recording.stopped.set()
        self._say("RecordingStarted", recording=self._recording(recording, "recording"))
        sound, silence = bytearray(), 0.0
        while silence < recording.silence_s and not recording.stopped.is_set():
            if len(sound) / 2 / RATE >= recording.most_s:
                break
            sound += (b"\x00\x20\x00\xe0" if self._talking else bytes(4)) * (RATE // 20)
            silence = 0.0 if self._talking else silence + TICK_S
            await self._pass(TICK_S, unless=recording.stopped)
        if silence >= recording.silence_s:  # Asterisk cuts the silence that ended it
            del sound[-2 * int(RATE * (silence - TICK_S)) :]
        self._finish(recording, bytes(sound))

    def _finish(self, recording: Recording, sound: bytes) -> None:
        described = self._recording(recording, "done")
        if self._ways.fails:
            self._ways.fails -= 1
            self._say("RecordingFailed", recording={**described, "state": "failed"})
            return
        if self._ways.loses:
            self._ways.loses -= 1
        else:
            with wave.open(str(self._ways.folder / f"{recording.name}.wav"), "wb") as file:
                file.setparams((1, 2, RATE, 0, "NONE", ""))
                file.writeframes(sound)
        seconds = -(-len(sound) // (2 * RATE))
        self._say("RecordingFinished", recording={**described, "duration": seconds})

    async def _pass(self, seconds: float, *, unless: asyncio.Event | None = None) -> None:
        real_s = seconds / self._ways.speed
        if unless is None:
            await asyncio.sleep(real_s)
            return
        try:
            async with asyncio.timeout(real_s):
                await unless.wait()
        except TimeoutError:
            return

    def _playback(self, playback: Playback, media: str, state: str) -> dict[str, Any]:
        target = f"channel:{self.id}"
        return {"id": playback.id, "media_uri": media, "target_uri": target, "state": state}

    def _recording(self, recording: Recording, state: str) -> dict[str, Any]:
        target = f"channel:{self.id}"
        return {"name": recording.name, "format": "wav", "target_uri": target, "state": state}

    def _say(self, kind: str, **content: Any) -> None:
        self._emit({"type": kind, "application": "hotline", **content})


def lasts_s(media: str) -> float:
    """Seconds, by the prompt's A-law file: one byte a sample."""
    name = media.removeprefix("sound:")
    file = Path(f"{name}.alaw")
    if file.exists():
        return file.stat().st_size / RATE
    return DEFAULT_MUSIC_S if name == "music" else DEFAULT_S
