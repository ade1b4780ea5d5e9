"""Runs of prompts as one file: the same sound, once, in bounds, or piece by piece."""

import errno
import os
import time
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import pytest

from hotline.dialogue.digits import DIGIT_WORDS
from hotline.edges.adapters.speech import joined
from hotline.edges.adapters.speech.fake import FakeTextToSpeech
from hotline.edges.adapters.speech.joined import UNUSED_S, Joined
from hotline.edges.adapters.speech.sound import ENDINGS

TEXTS = [("vi", "Xin chào ông/bà."), ("vi", "Bấm phím 1."), ("vi", "Bấm phím 2 để gặp người.")]
PASSING = "Trước 17 giờ 00 ngày 05/11/2026."


@pytest.fixture
def voice(tmp_path: Path) -> FakeTextToSpeech:
    voice = FakeTextToSpeech(tmp_path / "prompts")
    voice.ensure([*TEXTS, *(("vi", word) for word in DIGIT_WORDS["vi"])])
    return voice


@pytest.fixture
def pieces(voice: FakeTextToSpeech) -> list[Path]:
    return [voice.path(*text) for text in TEXTS]


def content(prompt: Path, ending: str) -> bytes:
    return prompt.with_name(f"{prompt.name}.{ending}").read_bytes()


def samples(prompt: Path) -> bytes:
    with wave.open(f"{prompt}.wav") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        frames: bytes = file.readframes(file.getnframes())
        return frames


def runs(voice: FakeTextToSpeech) -> list[str]:
    return sorted(file.name for file in (voice.folder / "joined").glob("*"))


def full(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_run_sounds_as_its_pieces_did(voice: FakeTextToSpeech, pieces: list[Path]) -> None:
    [run] = voice.together(pieces)
    for law in ("ulaw", "alaw"):
        assert content(run, law) == b"".join(content(piece, law) for piece in pieces)
    assert samples(run) == b"".join(samples(piece) for piece in pieces)
    assert len(content(run, "ulaw")) * 2 == len(samples(run))
    assert voice.together(pieces) == [run]
    assert len(runs(voice)) == 3


def test_another_order_is_another_run(voice: FakeTextToSpeech, pieces: list[Path]) -> None:
    assert voice.together(pieces) != voice.together(pieces[::-1])


def test_one_piece_is_left_as_it_is(voice: FakeTextToSpeech, pieces: list[Path]) -> None:
    assert voice.together(pieces[:1]) == pieces[:1]
    assert voice.together([]) == []


def test_a_piece_that_is_made_anew_makes_another_run(
    voice: FakeTextToSpeech, pieces: list[Path], tmp_path: Path
) -> None:
    before = voice.together(pieces)
    own = tmp_path / "own.wav"
    own.write_bytes(content(pieces[2], "wav"))
    voice.prepare(texts=TEXTS, fixed={}, voices={}, recordings={TEXTS[0]: own})
    [run] = voice.together(pieces)
    assert [run] != before
    assert content(run, "ulaw") == b"".join(content(piece, "ulaw") for piece in pieces)


def test_what_is_said_in_passing_is_never_joined(
    voice: FakeTextToSpeech, pieces: list[Path]
) -> None:
    promise = voice.path("vi", PASSING)
    first, said, last = voice.together([*pieces[:2], promise, *pieces[1:]])
    assert said == promise
    assert [first] == voice.together(pieces[:2])
    assert [last] == voice.together(pieces[1:])
    assert len(runs(voice)) == 6


def test_many_may_make_the_same_run_at_once(voice: FakeTextToSpeech, pieces: list[Path]) -> None:
    processes = [Joined(voice.folder) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: one.together(pieces), processes))
    assert all(run == found[0] for run in found)
    assert content(found[0][0], "alaw") == b"".join(content(piece, "alaw") for piece in pieces)
    assert runs(voice) == sorted(f"{found[0][0].name}.{ending}" for ending in ENDINGS)


@pytest.mark.parametrize("after", range(3))
def test_a_full_disk_leaves_the_pieces(
    voice: FakeTextToSpeech, pieces: list[Path], monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """After none, one or two of the three files."""
    written = iter(range(after))
    replace = Path.replace

    def sometimes(self: Path, target: Path) -> Path:
        return replace(self, target) if next(written, None) is not None else full()

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", sometimes)
        assert voice.together(pieces) == pieces
    assert len(runs(voice)) == after  # nothing half written lies about
    [run] = voice.together(pieces)  # and once there is room, it is made
    assert samples(run) == b"".join(samples(piece) for piece in pieces)


def test_a_folder_that_cannot_be_made_leaves_the_pieces(
    voice: FakeTextToSpeech, pieces: list[Path]
) -> None:
    (voice.folder / "joined").write_text("somebody's file")
    assert voice.together(pieces) == pieces


def test_a_piece_that_is_gone_or_spoilt_leaves_the_pieces(
    voice: FakeTextToSpeech, pieces: list[Path]
) -> None:
    wav = pieces[1].with_name(f"{pieces[1].name}.wav")
    wav.write_bytes(b"")
    assert voice.together(pieces) == pieces
    wav.unlink()
    assert voice.together(pieces) == pieces


def test_all_runs_together_are_bounded(
    voice: FakeTextToSpeech, pieces: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    [run] = voice.together(pieces)
    most = sum(len(content(run, ending)) for ending in ENDINGS) + 1000
    monkeypatch.setattr(joined, "MOST_BYTES", most)
    for process in (voice, FakeTextToSpeech(voice.folder)):
        assert process.together(pieces[:2]) == pieces[:2]
        assert process.together(pieces) == [run]  # what is there is played
    assert len(runs(voice)) == 3
    _age(run)
    voice.prepare(texts=TEXTS, fixed={}, voices={}, recordings={})
    assert len(voice.together(pieces[:2])) == 1  # there is room again


def _age(run: Path) -> None:
    long_ago = time.time() - UNUSED_S - 1
    for ending in ENDINGS:
        os.utime(f"{run}.{ending}", (long_ago, long_ago))


def test_what_nobody_played_for_long_goes_when_a_city_is_published(
    voice: FakeTextToSpeech, pieces: list[Path]
) -> None:
    [old], [played], [new] = (voice.together(run) for run in (pieces, pieces[:2], pieces[1:]))
    _age(old)
    _age(played)
    half_written = voice.folder / "joined" / ".half.1.2"
    half_written.write_bytes(b"x")
    os.utime(half_written, (0, 0))
    assert voice.together(pieces[:2]) == [played]
    voice.prepare(texts=TEXTS, fixed={}, voices={}, recordings={})
    assert {name.split(".")[0] for name in runs(voice)} == {played.name, new.name}
    assert len(runs(voice)) == 6
    assert voice.together(pieces) == [old]  # made again
    assert samples(old) == b"".join(samples(piece) for piece in pieces)


def test_a_run_of_which_a_file_is_lost_is_made_again(
    voice: FakeTextToSpeech, pieces: list[Path]
) -> None:
    [run] = voice.together(pieces)
    _age(run)
    run.with_name(f"{run.name}.alaw").unlink()
    assert voice.together(pieces) == [run]
    assert content(run, "alaw") == b"".join(content(piece, "alaw") for piece in pieces)
