"""Sounds that are no speech: the tone before a recording, quiet, music for waiting."""

from collections.abc import Callable, Mapping

import numpy as np

from hotline.edges.adapters.speech.sound import RATE, Samples, tone

MUSIC_S = 300
_QUIET_S = 10
_BEAT_S = 1.875  # 32 beats make a minute
# A slow progression in F major, four notes of each chord one after the other, in hertz.
_CHORDS = (
    (174.61, 261.63, 349.23, 440.00),
    (146.83, 220.00, 293.66, 349.23),
    (116.54, 233.08, 293.66, 349.23),
    (130.81, 196.00, 261.63, 329.63),
    (174.61, 220.00, 261.63, 349.23),
    (110.00, 220.00, 261.63, 329.63),
    (116.54, 233.08, 293.66, 466.16),
    (130.81, 196.00, 293.66, 329.63),
)


def beep() -> Samples:
    """“Speak now”: a fifth of a second."""
    return tone(880, 0.2)


def quiet() -> Samples:
    """Ten seconds of nothing, for waiting on a key."""
    return np.zeros(RATE * _QUIET_S)


def music() -> Samples:
    """A minute of soft plucked chords that ends where it begins."""
    total = int(RATE * _BEAT_S * 4 * len(_CHORDS))
    out = np.zeros(total)
    for beat, hertz in enumerate(note for chord in _CHORDS for note in chord):
        sound = _pluck(hertz)
        start = int(beat * _BEAT_S * RATE)
        where = (start + np.arange(len(sound))) % total  # the last notes ring into the first
        np.add.at(out, where, sound)
    return out * (0.12 / float(np.abs(out).max()))


def _pluck(hertz: float) -> Samples:
    moments = np.arange(int(RATE * 4.5)) / RATE
    swell = np.clip(moments / 0.08, 0, 1) * np.exp(-moments / 1.1)
    tail = np.clip((4.5 - moments) / 0.3, 0, 1)
    waves = sum(np.sin(2 * np.pi * hertz * part * moments) / part**2 for part in (1, 2, 3))
    sound: Samples = swell * tail * waves
    return sound


def long_music() -> Samples:
    """The same minute again and again without a seam: whoever waits needs few files."""
    return np.tile(music(), MUSIC_S // 60)


SOUNDS: Mapping[str, Callable[[], Samples]] = {"beep": beep, "quiet": quiet, "music": long_music}
