"""Telephone sound: 8 kHz, mono, 16 bit, and the two G.711 laws. Samples are float arrays
between -1 and 1 at 8,000 a second."""

import io
import os
import wave
from functools import cache
from math import gcd
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hotline.core.errors import AdapterError

RATE = 8000
ENDINGS = ("ulaw", "alaw", "wav")
"""A prompt's files; the last is written last, so that where it is the others are."""
Samples = NDArray[np.float64]
_LOUDNESS = 0.11  # rms of speech: gentle beside a person's own voice
_PEAK = 0.75
_TAPS = 20  # filter taps on each side, counted in samples of the slower rate


def read_wav(content: bytes) -> Samples:
    """The sound of a PCM WAV file of 16 bits, any rate, mono or stereo.

    Raises AdapterError (permanent) for anything else.
    """
    try:
        with wave.open(io.BytesIO(content)) as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError, RuntimeError) as error:
        raise AdapterError(f"This is no WAV file: {error}", permanent=True) from error
    if width != 2 or not 4000 <= rate <= 192_000 or channels not in {1, 2}:
        raise AdapterError("A WAV file must be PCM of 16 bits.", permanent=True)
    raw = raw[: len(raw) - len(raw) % (width * channels)]
    samples = np.frombuffer(raw, dtype="<i2").reshape(-1, channels).mean(axis=1) / 32768
    return resample(samples, rate)


def resample(samples: Samples, rate: int) -> Samples:
    """From ``rate`` to 8,000 samples a second through a windowed low-pass filter."""
    if rate == RATE or not len(samples):
        return samples
    filters, reach = _filters(rate)
    moments = np.arange(len(samples) * RATE // rate) * rate  # in samples of the source x RATE
    first = moments // RATE
    padded = np.concatenate([np.zeros(reach - 1), samples, np.zeros(reach + 1)])
    phase = (moments % RATE) // (RATE // len(filters))
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach)[first]
    out: Samples = np.einsum("ij,ij->i", near, filters[phase])
    return out


@cache
def _filters(rate: int) -> tuple[Samples, int]:
    """A row of filter taps for each position between two samples, and how far they reach."""
    phases = RATE // gcd(rate, RATE)
    step = max(1.0, rate / RATE)
    reach = int(np.ceil(_TAPS * step))
    distance = (np.arange(phases) / phases)[:, None] - np.arange(1 - reach, reach + 1)
    cut = 0.94 / step
    window = 0.5 + 0.5 * np.cos(np.pi * np.clip(distance / reach, -1, 1))
    return cut * np.sinc(cut * distance) * window, reach


def dress(samples: Samples) -> Samples:
    """Speech as a prompt: silence at both ends trimmed, an even and gentle level."""
    loud = np.flatnonzero(np.abs(samples) > 0.01 * max(1e-9, float(np.abs(samples).max(initial=0))))
    if not len(loud):
        return samples
    kept = samples[max(0, loud[0] - RATE // 20) : loud[-1] + RATE // 6]
    level = float(np.sqrt(np.mean(kept**2)))
    peak = float(np.abs(kept).max())
    return kept * min(_LOUDNESS / level, _PEAK / peak)


def tone(hertz: float, seconds: float, level: float = 0.2) -> Samples:
    """A tone without clicks at its ends."""
    moments = np.arange(int(RATE * seconds)) / RATE
    edge = np.clip(np.minimum(moments, moments[::-1]) / 0.01, 0, 1)
    sound: Samples = level * edge * np.sin(2 * np.pi * hertz * moments)
    return sound


def save(samples: Samples, path: Path) -> None:
    """Writes ``path``.ulaw, .alaw and last .wav, each appearing whole or not at all."""
    pcm = np.clip(np.round(samples * 32767), -32768, 32767).astype("<i2")
    index = pcm.view("<u2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm.tobytes())
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path.with_name(f"{path.name}.ulaw"), _ulaw()[index].tobytes())
    write_whole(path.with_name(f"{path.name}.alaw"), _alaw()[index].tobytes())
    write_whole(path.with_name(f"{path.name}.wav"), buffer.getvalue())


def write_whole(path: Path, content: bytes) -> None:
    """Replaces a file at once; who reads it sees the old one or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{id(content)}")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


@cache
def _ulaw() -> NDArray[np.uint8]:
    """G.711 µ-law by unsigned 16-bit sample (ITU-T G.711: 14 bits, bias 33)."""
    pcm = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32) >> 2
    sign = np.where(pcm < 0, 0x80, 0)
    size = np.minimum(np.abs(pcm), 8158) + 33
    exponent = np.floor(np.log2(size)).astype(np.int32) - 5
    mantissa = (size >> (exponent + 1)) & 0x0F
    table: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return table


@cache
def _alaw() -> NDArray[np.uint8]:
    """G.711 A-law by unsigned 16-bit sample (ITU-T G.711)."""
    pcm = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    sign = np.where(pcm >= 0, 0x80, 0)
    size = np.where(pcm >= 0, pcm, -pcm - 1) >> 3  # 13 bits
    size = np.minimum(size, 4095)
    exponent = np.maximum(np.floor(np.log2(np.maximum(size, 1))).astype(np.int32) - 4, 0)
    mantissa = np.where(exponent > 0, size >> np.maximum(exponent, 1), size >> 1) & 0x0F
    table: NDArray[np.uint8] = ((sign | (exponent << 4) | mantissa) ^ 0x55).astype(np.uint8)
    return table
