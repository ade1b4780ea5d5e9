"""Tones by which one line is told from another: made, and found again in what was heard.

Tones stand 100 Hz or more apart, from 600 Hz (music on hold lies below 400 Hz) to 3000 Hz.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np

from bench.phone import g711
from bench.phone.g711 import Codec

RATE = 8000
LEVEL = 6000
"""Amplitude of a hum, of 32767."""
LEAST = 1000
"""Amplitude from which a tone counts as heard: codecs and mixing take some of it."""


@cache
def hum(hz: int, codec: Codec, level: int = LEVEL) -> bytes:
    """One second that goes on without a click when it is repeated."""
    times = np.arange(RATE) / RATE
    samples = (level * np.sin(2 * np.pi * hz * times)).astype(np.int16)
    return g711.encode(g711.little_endian(samples.astype("<i2").tobytes()), codec)


def amplitude(payload: bytes | bytearray, codec: Codec, hz: int) -> float:
    """How strong this tone is in the sound, 0 to 32767 (one bin of a Fourier transform)."""
    if not payload:
        return 0.0
    samples = np.array(g711.decode(bytes(payload), codec), dtype=np.float64)
    window = np.hanning(len(samples))
    turn = np.exp(-2j * np.pi * hz * np.arange(len(samples)) / RATE)
    weight = window.sum()
    return float(2 * abs((samples * window * turn).sum()) / weight) if weight else 0.0


def heard(
    payload: bytes | bytearray, codec: Codec, candidates: Iterable[int], *, least: float = LEAST
) -> frozenset[int]:
    """Which of the candidates sound."""
    return frozenset(hz for hz in candidates if amplitude(payload, codec, hz) >= least)
