"""Music on hold when the city brings none: a soft chord that swells and fades, made here."""

import math
import struct
import wave
from pathlib import Path

RATE = 8000  # samples a second, what a telephone line carries
_CHORDS_HZ = (
    (261.6, 329.6, 392.0),
    (220.0, 261.6, 329.6),
    (174.6, 220.0, 261.6),
    (196.0, 246.9, 293.7),
)
_CHORD_S = 4
_LEVEL = 2200  # of 32767: quiet beside a voice


def ensure(folder: Path) -> None:
    """Put ``hold.wav`` (8 kHz, mono, 16 bit, 16 s, loops without a click) into an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        return
    fresh = folder.with_name("music-being-made.wav")
    with wave.open(str(fresh), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        for chord in _CHORDS_HZ:
            out.writeframes(_swell(chord))
    fresh.replace(folder / "hold.wav")


def _swell(chord: tuple[float, ...]) -> bytes:
    count = RATE * _CHORD_S
    samples = bytearray()
    for index in range(count):
        loudness = math.sin(math.pi * index / count) ** 2
        tone = sum(math.sin(2 * math.pi * hz * index / RATE) for hz in chord) / len(chord)
        samples += struct.pack("<h", int(_LEVEL * loudness * tone))
    return bytes(samples)
