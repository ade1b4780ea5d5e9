"""What recordings hold."""

import math
import struct
import wave
from array import array
from pathlib import Path

import pytest

from hotline.edges.adapters.telephony.spool import HEADER, Spool


def _write(file: Path, *pieces: tuple[float, int]) -> None:
    """Pieces of (seconds, amplitude)."""
    samples = array("h")
    for seconds, loud in pieces:
        samples.extend(int(loud * math.sin(i / 3)) for i in range(int(8000 * seconds)))
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(samples.tobytes())


def test_talking_is_told_from_line_noise(tmp_path: Path) -> None:
    _write(tmp_path / "a.wav", (1, 60), (2, 4000), (1, 60))
    measured = Spool(tmp_path).measure("a")
    assert measured is not None
    assert measured.seconds == 4
    assert measured.talking_s == pytest.approx(2, abs=0.05)


def test_a_file_whose_writer_was_killed_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    _write(file, (2, 4000))
    content = bytearray(file.read_bytes())
    struct.pack_into("<I", content, 4, 0)
    struct.pack_into("<I", content, 40, 0)
    file.write_bytes(content[:-7])  # broken off in the middle of a sample
    measured = Spool(tmp_path).measure("a")
    assert measured is not None
    assert measured.talking_s == pytest.approx(2, abs=0.05)
    with wave.open(str(file), "rb") as mended:
        assert mended.getnframes() == (len(content) - 7 - HEADER) // 2


@pytest.mark.parametrize("content", [b"", b"RIFF", b"x" * 44, b"RIFF" + b"\0" * 200])
def test_what_is_no_recording_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    assert Spool(tmp_path).measure("a") is None


def test_a_recording_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert Spool(tmp_path).measure("a") is None


def test_a_recording_without_a_sample_is_empty(tmp_path: Path) -> None:
    _write(tmp_path / "a.wav")
    measured = Spool(tmp_path).measure("a")
    assert measured is not None
    assert (measured.seconds, measured.talking_s) == (0, 0)
