"""Sound for the telephone: two laws of G.711, rates, levels."""

import io
import wave

import numpy as np
import pytest

from hotline.core.errors import AdapterError
from hotline.edges.adapters.speech.made import MUSIC_S, beep, long_music, music, quiet
from hotline.edges.adapters.speech.sound import _alaw, _ulaw, dress, read_wav, resample, tone


def code_of(table: object, sample: int) -> int:
    return int(table[np.array([sample], dtype="<i2").view("<u2")[0]])  # type: ignore[index]


@pytest.mark.parametrize(
    ("sample", "ulaw", "alaw"),
    [
        # From the tables of ITU-T G.711: silence, the ends of the scale, one step of each.
        (0, 0xFF, 0xD5),
        (-1, 0x7E, 0x55),
        (32767, 0x80, 0xAA),
        (-32768, 0x00, 0x2A),
        (1000, 0xCE, 0xFA),
        (-1000, 0x4E, 0x7A),
        (8, 0xFE, 0xD5),
        (16, 0xFD, 0xD4),
    ],
)
def test_samples_become_the_codes_of_g711(sample: int, ulaw: int, alaw: int) -> None:
    assert code_of(_ulaw(), sample) == ulaw
    assert code_of(_alaw(), sample) == alaw


@pytest.mark.parametrize("rate", [11025, 16000, 22050, 44100, 48000])
def test_another_rate_keeps_the_speech_and_drops_what_a_line_cannot_carry(rate: int) -> None:
    moments = np.arange(rate) / rate
    out = resample(np.sin(2 * np.pi * 1000 * moments), rate)
    wanted = np.sin(2 * np.pi * 1000 * np.arange(len(out)) / 8000)
    assert abs(out - wanted)[200:-200].max() < 0.01
    above = resample(np.sin(2 * np.pi * 5000 * moments), rate)
    assert abs(above)[200:-200].max() < 0.01


def test_silence_at_the_ends_is_trimmed_and_the_level_is_gentle() -> None:
    spoken = np.concatenate([np.zeros(16000), 0.01 * np.sin(np.arange(8000)), np.zeros(16000)])
    out = dress(spoken)
    assert 8000 <= len(out) < 10000
    assert 0.05 < float(np.sqrt(np.mean(out**2))) < 0.15


def test_nothing_stays_nothing() -> None:
    assert not dress(np.zeros(800)).any()
    assert len(resample(np.zeros(0), 44100)) == 0


def wav(width: int = 2, rate: int = 8000, channels: int = 1, frames: bytes = bytes(1600)) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(frames)
    return buffer.getvalue()


def test_two_channels_become_one() -> None:
    assert len(read_wav(wav(channels=2))) == 400


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF", b"not a sound", wav(width=1), wav(rate=1000), wav()[:20]],
    ids=["empty", "start", "text", "8 bits", "slow", "cut"],
)
def test_what_is_no_sound_is_refused(content: bytes) -> None:
    with pytest.raises(AdapterError) as caught:
        read_wav(content)
    assert caught.value.permanent


def test_music_ends_where_it_begins_and_is_soft() -> None:
    samples = music()
    assert len(samples) == 60 * 8000
    assert abs(samples[0] - samples[-1]) < 0.01
    assert 0.005 < float(np.sqrt(np.mean(samples**2))) < 0.1
    long = long_music()
    assert len(long) == MUSIC_S * 8000
    assert (long.reshape(-1, len(samples)) == samples).all()


def test_the_beep_is_short_and_quiet_is_quiet() -> None:
    assert len(beep()) == 1600
    assert abs(beep()).max() == pytest.approx(0.2, abs=0.01)
    assert not quiet().any()
    assert abs(tone(440, 0.1)[[0, -1]]).max() < 0.01
