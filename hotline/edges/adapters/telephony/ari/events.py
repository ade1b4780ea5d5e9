"""The events of Asterisk that we use, typed. Field names and values are those of
Asterisk's own ``events.json``; everything else that Asterisk may say is not for us.

Nobody changes an event; they are not frozen because making them would take three times as long,
and there are dozens in every call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Unreadable(ValueError):
    """A message that is no event that we know; holds no content, only its kind."""


@dataclass(slots=True)
class CallCame:
    """A channel entered our application. ``caller`` is the number as the network gave it
    (may be empty or nonsense), ``arguments`` what the dialplan hands over."""

    channel: str
    caller: str
    arguments: tuple[str, ...]


@dataclass(slots=True)
class CallGone:
    """The channel left our application (``cause`` is None), or ended before it came there, or
    while we follow it: then ``cause`` is the reason as Q.850 numbers it."""

    channel: str
    cause: int | None = None


@dataclass(slots=True)
class HangUpAsked:
    """Somebody on the channel hung up, or its line broke: ``cause`` as Q.850 numbers it. That
    it is gone is said next. Not said where we ourselves hang up."""

    channel: str
    cause: int


@dataclass(slots=True)
class KeyPressed:
    channel: str
    digit: str


@dataclass(slots=True)
class PlaybackOver:
    """Every piece was played, or the playback was stopped."""

    channel: str
    playback: str
    failed: bool


@dataclass(slots=True)
class RecordingBegan:
    channel: str
    recording: str


@dataclass(slots=True)
class RecordingOver:
    """``seconds`` is the whole length, ``talking`` the part that was not silence, both in
    whole seconds as Asterisk counts them; None where Asterisk did not say."""

    channel: str
    recording: str
    seconds: int | None
    talking: int | None
    failed: bool


@dataclass(slots=True)
class Replaced:
    """Another connection took our application; this one hears nothing more."""


Event = (
    CallCame
    | CallGone
    | HangUpAsked
    | KeyPressed
    | PlaybackOver
    | RecordingBegan
    | RecordingOver
    | Replaced
)


class PlaybackState(StrEnum):
    PLAYING = "playing"
    FAILED = "failed"


def _came(message: Mapping[str, Any]) -> Event:
    channel = message["channel"]
    arguments = tuple(_text(argument) for argument in message["args"])
    return CallCame(_text(channel["id"]), _text(channel["caller"]["number"]), arguments)


def _gone(message: Mapping[str, Any]) -> Event:
    ended = message["type"] == "ChannelDestroyed"
    cause = _whole(message.get("cause")) or 0 if ended else None
    return CallGone(_text(message["channel"]["id"]), cause)


def _hang_up(message: Mapping[str, Any]) -> Event:
    return HangUpAsked(_text(message["channel"]["id"]), _whole(message.get("cause")) or 0)


def _key(message: Mapping[str, Any]) -> Event:
    return KeyPressed(_text(message["channel"]["id"]), _text(message["digit"]))


def _playback_over(message: Mapping[str, Any]) -> Event:
    playback = message["playback"]
    failed = playback.get("state") == PlaybackState.FAILED
    return PlaybackOver(_channel_of(playback), _text(playback["id"]), failed)


def _recording_began(message: Mapping[str, Any]) -> Event:
    recording = message["recording"]
    return RecordingBegan(_channel_of(recording), _text(recording["name"]))


def _recording_over(message: Mapping[str, Any]) -> Event:
    recording = message["recording"]
    return RecordingOver(
        _channel_of(recording),
        _text(recording["name"]),
        _whole(recording.get("duration")),
        _whole(recording.get("talking_duration")),
        failed=message["type"] == "RecordingFailed",
    )


READERS: Mapping[str, Callable[[Mapping[str, Any]], Event]] = {
    "StasisStart": _came,
    "StasisEnd": _gone,
    "ChannelDestroyed": _gone,
    "ChannelHangupRequest": _hang_up,
    "ChannelDtmfReceived": _key,
    "PlaybackFinished": _playback_over,
    "RecordingStarted": _recording_began,
    "RecordingFinished": _recording_over,
    "RecordingFailed": _recording_over,
    "ApplicationReplaced": lambda _message: Replaced(),
}
"""Our readers by Asterisk's event type; also the event filter that we ask Asterisk for."""


def read(message: object) -> Event:
    """The event in one decoded message: plain dicts and texts, as JSON has them. Raises
    Unreadable, which names no content."""
    if type(message) is not dict:
        raise Unreadable("not an object")
    kind = message.get("type")
    reader = READERS.get(kind) if type(kind) is str else None
    if reader is None:
        raise Unreadable("unknown type")
    try:
        return reader(message)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(f"malformed {kind}") from error


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError("text expected")
    return value


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _channel_of(piece: Mapping[str, Any]) -> str:
    kind, _, channel = _text(piece["target_uri"]).partition(":")
    if kind != "channel" or not channel:
        raise ValueError("not on a channel")
    return channel
