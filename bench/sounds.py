"""What a test citizen says: wav files of any rate, or sentences spoken by espeak-ng."""

import subprocess
import tempfile
import wave
from array import array
from pathlib import Path

from bench.phone import g711
from bench.phone.g711 import Samples

RATE = 8000
SENTENCES = (
    "Số mười hai, ngõ ba, đường Lê Lợi, phường một, quận ba.",
    "Nhà tôi có bốn người, hết gạo và hết tiền từ hôm qua, xin giúp đỡ lương thực.",
)
"""An address and a need; in Vietnamese, because the callers are."""


class Unusable(ValueError):
    """A sound file that cannot be said."""


def read(path: Path) -> Samples:
    """Mono, 16 bit, any rate. Raises Unusable."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                raise Unusable(f"{path.name} must be mono with 16 bit")
            samples = g711.little_endian(file.readframes(file.getnframes()))
            rate = file.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise Unusable(f"{path.name} cannot be read as a wav file") from error
    return at_8000(samples, rate)


def at_8000(samples: Samples, rate: int) -> Samples:
    """Linear interpolation, after averaging what would otherwise fold back: good enough for
    a voice on the phone."""
    if rate == RATE or not samples:
        return samples
    width = max(1, rate // RATE)
    smooth = array("h", [sum(samples[i : i + width]) // width for i in range(len(samples))])
    count = len(samples) * RATE // rate
    out = array("h", bytes(2 * count))
    for index in range(count):
        at, rest = divmod(index * rate, RATE)
        after = min(at + 1, len(smooth) - 1)
        out[index] = smooth[at] + (smooth[after] - smooth[at]) * rest // RATE
    return out


def speak(sentence: str, *, language: str = "vi") -> Samples:
    """Raises Unusable if espeak-ng is not there."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        try:
            subprocess.run(
                ["espeak-ng", "-v", language, "-w", str(file), sentence],
                check=True,
                capture_output=True,
                timeout=30,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Unusable("espeak-ng could not speak; give a file with --say") from error
        return read(file)
