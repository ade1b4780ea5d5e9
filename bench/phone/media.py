"""Sound and keys of one call over RTP (RFC 3550, RFC 4733): frames of 20 ms both ways."""

import asyncio
import random
import struct
import time
from bisect import bisect_left
from collections import deque
from typing import cast

from bench.phone import g711
from bench.phone.sip import Media

FRAME = 160
"""Bytes (and samples) of 20 ms."""
FRAME_S = 0.02
KEY_FRAMES = 6
"""A key is held for 120 ms."""
KEY_PAUSE_FRAMES = 5
_KEYS = "0123456789*#ABCD"
_HEADER = struct.Struct("!BBHII")
LOUD = 90.0
"""Mean amplitude above which a frame counts as sound; comfort noise and codec dither lie
far below, the quietest speech and music far above."""


class Sound(asyncio.DatagramProtocol):
    """Sends one packet at every ``tick``; keeps every byte that was heard."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.sent_at: float | None = None
        self._arrivals: list[tuple[float, int]] = []
        self._last_loud = time.monotonic()
        self._transport: asyncio.DatagramTransport
        self._media: Media | None = None
        self._last_codec = g711.Codec.PCMA
        self._frames: deque[bytes] = deque()
        self._hum = b""
        self._hummed = 0
        self._keys: deque[tuple[int, int] | None] = deque()
        self._sequence = random.randrange(1 << 15)
        self._time = random.randrange(1 << 30)
        self._key_time = 0
        self._source = random.randrange(1 << 32)
        self._heard_up_to: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    @property
    def host(self) -> str:
        host: str = self._transport.get_extra_info("sockname")[0]
        return host

    @property
    def port(self) -> int:
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    @property
    def codec(self) -> g711.Codec:
        return self._media.codec if self._media else self._last_codec

    def begin(self, media: Media) -> None:
        """Also again: the other side moved, or holds us."""
        self._media = media

    def close(self) -> None:
        """Nothing is sent or heard any more; what was heard stays."""
        self._last_codec = self.codec
        self._media = None
        self._transport.close()

    # --- speaking ---------------------------------------------------------------

    def say(self, payload: bytes) -> None:
        """Queue encoded sound."""
        rest = -len(payload) % FRAME
        payload += self.codec.silence * rest
        self._frames.extend(payload[at : at + FRAME] for at in range(0, len(payload), FRAME))

    def hum(self, payload: bytes) -> None:
        """Encoded sound, whole frames, that is repeated whenever nothing else is said; empty
        ends it."""
        self._hum = payload

    def press(self, digits: str) -> None:
        """Queue keys; they go before sound that waits."""
        for digit in digits:
            code = _KEYS.index(digit)
            self._keys.extend((code, frame) for frame in range(1, KEY_FRAMES + 1))
            self._keys.extend([None] * KEY_PAUSE_FRAMES)

    @property
    def busy(self) -> bool:
        return bool(self._frames or self._keys)

    def tick(self) -> None:
        """Send what 20 ms hold."""
        media = self._media
        if media is None or not media.listens or self._transport.is_closing():
            return
        key = self._keys.popleft() if self._keys else None
        if key is not None:
            self._send_key(media, *key)
        else:
            frame = self._frames.popleft() if self._frames and not self._keys else None
            self._send(media, frame or self._next_hum(media), media.codec, self._time)
        self._time = (self._time + FRAME) & 0xFFFFFFFF

    def _next_hum(self, media: Media) -> bytes:
        if not self._hum:
            return media.codec.silence * FRAME
        at = self._hummed % len(self._hum)
        self._hummed = at + FRAME
        return self._hum[at : at + FRAME]

    def _send_key(self, media: Media, code: int, frame: int) -> None:
        if frame == 1:
            self._key_time = self._time
        last = frame == KEY_FRAMES
        payload = struct.pack("!BBH", code, (0x80 if last else 0) | 10, frame * FRAME)
        for _ in range(3 if last else 1):  # the end is said three times, as the RFC asks
            marker = 0x80 if frame == 1 else 0
            self._send(media, payload, media.keys | marker, self._key_time)

    def _send(self, media: Media, payload: bytes, kind: int, at: int) -> None:
        header = _HEADER.pack(0x80, kind, self._sequence, at, self._source)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._transport.sendto(header + payload, (media.host, media.port))

    # --- hearing ----------------------------------------------------------------

    def datagram_received(self, data: bytes, _address: tuple[str, int]) -> None:
        if len(data) < _HEADER.size or self._media is None:
            return
        kind, sequence = data[1] & 0x7F, struct.unpack_from("!H", data, 2)[0]
        if kind != self._media.codec or not self._is_next(sequence):
            return
        payload = data[_HEADER.size :]
        now = time.monotonic()
        self._arrivals.append((now, len(self.heard)))
        self.heard += payload
        if g711.loudness(payload, self._media.codec) > LOUD:
            self._last_loud = now

    def _is_next(self, sequence: int) -> bool:
        """Late and doubled packets are dropped."""
        last = self._heard_up_to
        if last is not None and not 0 < ((sequence - last) & 0xFFFF) < 0x8000:
            return False
        self._heard_up_to = sequence
        return True

    def quiet_s(self) -> float:
        """For how many seconds nothing was heard: silence, or no packets at all."""
        return time.monotonic() - self._last_loud

    def heard_at(self, moment: float) -> int:
        """Where in ``heard`` the monotonic time ``moment`` lies."""
        at = bisect_left(self._arrivals, (moment, 0))
        return self._arrivals[at][1] if at < len(self._arrivals) else len(self.heard)
