"""The verbs of Asterisk's REST interface that a hotline needs, typed.

Every id (channel, playback, recording) is made by us beforehand, so that whoever comes
after a crash can name what may still be going on. A 2xx means accepted, not done: the end
comes as an event. Every verb raises AriError.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from hotline.edges.adapters.telephony.ari.asking import AriError, Asked
from hotline.edges.adapters.telephony.ari.connection import Connection

GONE = (404, 409)
"""What Asterisk says of a channel that hung up in the meantime: unknown, or not in our
application any more."""
CONFLICT = 409
TALK = "mixing,proxy_media"
"""Sound goes through Asterisk: past it, words said into a talk would break the talk (after a
playback to one channel the other hears nothing any more)."""
NOT_THERE = (400, 404, 409, 422)
"""What Asterisk says of a channel that is not in the bridge, or is no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel that lives; ``up`` once it was answered. ``ours`` if it stands in our
    application; then ``arguments`` are what the dialplan, or we when we dialled, handed over.
    """

    id: str
    caller: str
    arguments: tuple[str, ...]
    ours: bool
    up: bool = True


@dataclass(frozen=True, slots=True)
class Bridge:
    """Channels that hear each other."""

    id: str
    channels: frozenset[str]


class Command(NamedTuple):
    """For ``Ari.do``. ``forgiven``: statuses of Asterisk that are no error."""

    asked: Asked
    forgiven: tuple[int, ...] = ()


def answering(channel: str) -> Command:
    """The channel rings; one that was answered already is no error."""
    return Command(Asked("POST", f"channels/{_part(channel)}/answer"))


def playing(channel: str, media: Sequence[str], *, playback: str) -> Command:
    """As ``Ari.play``."""
    uri = f"channels/{_part(channel)}/play/{_part(playback)}"
    return Command(Asked("POST", uri, body={"media": list(media)}))


def stopping(playback: str) -> Command:
    """As ``Ari.stop_playback``."""
    return Command(Asked("DELETE", f"playbacks/{_part(playback)}"), GONE)


def recording(channel: str, *, name: str, most_s: int, silence_s: int) -> Command:
    """As ``Ari.record``."""
    body: dict[str, Any] = {
        "name": name,
        "format": "wav",
        "maxDurationSeconds": most_s,
        "maxSilenceSeconds": silence_s,
        "ifExists": "overwrite",
        "beep": False,
        "terminateOn": "#",
    }
    return Command(Asked("POST", f"channels/{_part(channel)}/record", body=body))


class Ari:
    """``app`` is the name of our Stasis application. Commands of one channel run one after
    the other: what is asked for now begins when all that was asked for before has ended."""

    def __init__(self, connection: Connection, *, app: str) -> None:
        self._connection = connection
        self._app = app

    async def channels(self) -> list[Channel]:
        """Every channel that lives in this Asterisk."""
        found = await self._connection.request("GET", "channels")
        try:
            return [_channel(channel, self._app) for channel in found]
        except (KeyError, TypeError) as error:
            raise AriError("GET channels: not a list of channels") from error

    async def follow(self, channel: str) -> bool:
        """Hear this channel's events again after a connection was lost; False if it is gone."""
        try:
            await self._connection.request(
                "POST",
                f"applications/{self._app}/subscription",
                {"eventSource": f"channel:{channel}"},
            )
        except AriError as error:
            if error.status not in NOT_THERE:
                raise
            return False
        return True

    async def hang_up(self, channel: str) -> None:
        """A channel that is gone already is no error."""
        await self._forgiving("DELETE", f"channels/{_part(channel)}")

    async def send_back(self, channel: str, *, context: str, extension: str) -> None:
        """Let the dialplan go on with the channel. One that is gone is no error."""
        await self._forgiving(
            "POST",
            f"channels/{_part(channel)}/continue",
            {"context": context, "extension": extension, "priority": 1},
        )

    async def do(self, *commands: Command) -> None:
        """Several commands, sent at once and done in this order. All are sent, whatever comes
        of the first; raises the first AriError that is not forgiven."""
        answers = await self._connection.requests([command.asked for command in commands])
        for command, answer in zip(commands, answers, strict=True):
            if isinstance(answer, AriError) and answer.status not in command.forgiven:
                raise answer

    async def play(self, channel: str, media: Sequence[str], *, playback: str) -> None:
        """Play the URIs one after the other, after whatever the channel does now."""
        await self.do(playing(channel, media, playback=playback))

    async def stop_playback(self, playback: str) -> None:
        """Running or waiting, it ends; one that ended already is no error."""
        await self.do(stopping(playback))

    async def record(self, channel: str, *, name: str, most_s: int, silence_s: int) -> None:
        """Record to ``name``.wav after whatever the channel does now, at most ``most_s``
        seconds, until ``silence_s`` seconds of silence or ``#``."""
        await self.do(recording(channel, name=name, most_s=most_s, silence_s=silence_s))

    async def stop_recording(self, name: str) -> None:
        """Running: it ends and is kept. Waiting: it never begins. Ended: no error."""
        await self._forgiving("POST", f"recordings/live/{_part(name)}/stop")

    async def is_playing(self, playback: str) -> bool:
        """Whether a playback of this id sounds or waits for its turn."""
        return await self._exists(f"playbacks/{_part(playback)}")

    async def is_recording(self, name: str) -> bool:
        """Whether a recording of this name runs or waits for its turn."""
        return await self._exists(f"recordings/live/{_part(name)}")

    # --- other channels than the caller's ---------------------------------------------

    async def originate(
        self, channel: str, *, endpoint: str, arguments: str, caller: str, most_s: int
    ) -> None:
        """Dial ``endpoint``, showing ``caller``, for at most ``most_s`` seconds; who answers
        comes as CallCame with ``arguments``, who does not as CallGone with a cause. A channel
        of this id that is there already is dialled no second time."""
        try:
            await self._connection.request(
                "POST",
                f"channels/{_part(channel)}",
                body={
                    "endpoint": endpoint,
                    "app": self._app,
                    "appArgs": arguments,
                    "callerId": caller,
                    "timeout": most_s,
                },
            )
        except AriError as error:
            if error.status != CONFLICT:
                raise

    async def bridges(self) -> list[Bridge]:
        """Every bridge of this Asterisk."""
        found = await self._connection.request("GET", "bridges")
        try:
            return [Bridge(str(one["id"]), frozenset(one["channels"])) for one in found]
        except (KeyError, TypeError) as error:
            raise AriError("GET bridges: not a list of bridges") from error

    async def make_bridge(self, bridge: str) -> None:
        """One that is there already stays."""
        await self._forgiving("POST", f"bridges/{_part(bridge)}", {"type": TALK}, (CONFLICT,))

    async def join(self, bridge: str, channels: Sequence[str]) -> None:
        """Into the bridge, out of the one where they were. Asterisk answers once what the
        channels were doing has ended, and does nothing else until then: stop it before."""
        await self._connection.request(
            "POST", f"bridges/{_part(bridge)}/addChannel", {"channel": ",".join(channels)}
        )

    async def part(self, bridge: str, channel: str) -> None:
        """Out of the bridge. A channel that is not there is no error."""
        await self._forgiving(
            "POST", f"bridges/{_part(bridge)}/removeChannel", {"channel": channel}, NOT_THERE
        )

    async def end_bridge(self, bridge: str) -> None:
        await self._forgiving("DELETE", f"bridges/{_part(bridge)}")

    async def _exists(self, uri: str) -> bool:
        try:
            await self._connection.request("GET", uri)
        except AriError as error:
            if error.status == 404:
                return False
            raise
        return True

    async def _forgiving(
        self,
        method: str,
        uri: str,
        query: Mapping[str, str | int] | None = None,
        forgiven: tuple[int, ...] = GONE,
    ) -> None:
        try:
            await self._connection.request(method, uri, query)
        except AriError as error:
            if error.status not in forgiven:
                raise


def _channel(found: Mapping[str, Any], app: str) -> Channel:
    application, *arguments = str(found["dialplan"]["app_data"]).split(",")
    return Channel(
        id=str(found["id"]),
        caller=str(found["caller"]["number"]),
        arguments=tuple(arguments),
        ours=found["dialplan"]["app_name"] == "Stasis" and application == app,
        up=found["state"] == "Up",
    )


@lru_cache(maxsize=8192)
def _part(name: str) -> str:
    """Kept: a call's channel is named by every request of the call."""
    return quote(name, safe="")
