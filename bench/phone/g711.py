"""G.711 (ITU-T): 16-bit linear samples to A-law and mu-law bytes and back, by tables."""

import sys
from array import array
from collections.abc import Callable
from enum import IntEnum
from typing import TypeAlias

Samples: TypeAlias = "array[int]"
"""16-bit linear samples at 8 kHz: array("h")."""


class Codec(IntEnum):
    """RTP's static payload types (RFC 3551)."""

    PCMU = 0
    PCMA = 8

    @property
    def silence(self) -> bytes:
        """One byte of silence."""
        return b"\xff" if self is Codec.PCMU else b"\xd5"

    @property
    def file_ending(self) -> str:
        """Of prompts in this codec."""
        return "ulaw" if self is Codec.PCMU else "alaw"


def encode(samples: Samples, codec: Codec) -> bytes:
    """One byte a sample."""
    table = _ENCODE[codec]
    return bytes([table[(sample + 32768) >> 2] for sample in samples])


def decode(payload: bytes, codec: Codec) -> Samples:
    table = _DECODE[codec]
    return array("h", [table[byte] for byte in payload])


def loudness(payload: bytes, codec: Codec) -> float:
    """Mean absolute amplitude, 0 to 32767; every fourth sample is enough for that."""
    table = _DECODE[codec]
    taken = payload[::4]
    return sum(abs(table[byte]) for byte in taken) / len(taken) if taken else 0.0


def little_endian(frames: bytes) -> Samples:
    """Samples of a wav file's frames."""
    samples = array("h")
    samples.frombytes(frames)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _alaw_value(byte: int) -> int:
    byte ^= 0x55
    segment, mantissa = (byte >> 4) & 7, byte & 15
    value = (mantissa << 4) + 8
    if segment:
        value = (value + 0x100) << (segment - 1)
    return value if byte & 0x80 else -value


def _ulaw_value(byte: int) -> int:
    byte = ~byte & 0xFF
    value = ((((byte & 15) << 3) + 0x84) << ((byte >> 4) & 7)) - 0x84
    return -value if byte & 0x80 else value


def _inverse(value_of: Callable[[int], int]) -> bytes:
    """The nearest byte for each 14-bit sample."""
    known = sorted((value_of(byte), byte) for byte in range(256))
    table, at = bytearray(), 0
    for step in range(16384):
        sample = (step << 2) - 32768 + 2
        while at + 1 < 256 and abs(known[at + 1][0] - sample) <= abs(known[at][0] - sample):
            at += 1
        table.append(known[at][1])
    return bytes(table)


_DECODE = {
    Codec.PCMA: [_alaw_value(byte) for byte in range(256)],
    Codec.PCMU: [_ulaw_value(byte) for byte in range(256)],
}
_ENCODE = {Codec.PCMA: _inverse(_alaw_value), Codec.PCMU: _inverse(_ulaw_value)}
