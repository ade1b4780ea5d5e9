"""Whoever writes a city's files is told every mistake, where it stands, and what to do."""

import wave
from pathlib import Path

import pytest
from django.utils.translation import override

from hotline.domain.city.folder import Problem
from tests.unit.city.folders import check, copy_of
from tests.unit.city.mistakes import MISTAKES, Mistake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of("hcmc-2021", tmp_path)


def problems(folder: Path) -> tuple[Problem, ...]:
    with override("en"):
        return check(folder).problems


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_named_with_file_line_and_sentence(mistake: Mistake, folder: Path) -> None:
    broken = folder / mistake.file
    text = broken.read_text("utf8")
    assert mistake.old in text, "the test no longer fits the city"
    broken.write_text(text.replace(mistake.old, mistake.new, 1), "utf8")
    where = mistake.where or mistake.file
    found = [one for one in problems(folder) if one.file == where and mistake.says in one.sentence]
    assert found, problems(folder)
    if mistake.marker is not None:
        after = (folder / where).read_text("utf8")
        assert mistake.marker in after, "the marker is not in the file"
        line = after[: after.index(mistake.marker)].count("\n") + 1
        line += mistake.marker.startswith("\n")
        assert line in {one.line for one in found}


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    few = [
        one for one in MISTAKES if one.name in {"not-a-number", "rule-to-nobody", "unknown-kind"}
    ]
    for mistake in few:
        file = folder / mistake.file
        file.write_text(file.read_text("utf8").replace(mistake.old, mistake.new, 1), "utf8")
    told = problems(folder)
    assert all(any(mistake.says in one.sentence for one in told) for mistake in few)


@pytest.mark.parametrize(
    "name",
    [
        "city.yaml",
        "branches.yaml",
        "categories.yaml",
        "agencies.yaml",
        "routing.yaml",
        "promises.yaml",
        "calendar.yaml",
    ],
)
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()
    assert Problem(name, 0, "This file is missing.") in problems(folder)


def test_a_city_without_scripts_is_refused(folder: Path) -> None:
    for file in (folder / "scripts").iterdir():
        file.unlink()
    assert Problem("scripts", 0, "There is no script in this folder.") in problems(folder)


def test_a_file_that_nothing_reads_is_named(folder: Path) -> None:
    (folder / "scripts" / "health.yaml").rename(folder / "scripts" / "health.yml")
    (folder / "holidays.yaml").write_text("a: b\n")
    told = problems(folder)
    assert Problem("scripts/health.yml", 0, "The name of this file must end in .yaml.") in told
    assert Problem("holidays.yaml", 0, "Nothing reads a file of this name.") in told


def test_a_file_in_another_encoding_is_named_with_its_line(folder: Path) -> None:
    file = folder / "branches.yaml"
    lines = file.read_text("utf8").splitlines()
    file.write_bytes("\n".join(lines[:4]).encode() + "\n  # phòng".encode("utf-16-le") + b"\xff")
    told = [one for one in problems(folder) if one.file == "branches.yaml"]
    assert told[0].line >= 4


def test_a_huge_file_is_not_read(folder: Path) -> None:
    (folder / "city.yaml").write_text("# " + "x" * 600_000)
    assert Problem("city.yaml", 0, "This file is larger than 512 KB.") in problems(folder)


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
        "[" * 100_000,
        "a: " * 10_000,
        "- " * 50_000,
        "? " * 5_000,
    ],
    ids=["aliases", "lists", "names", "dashes", "questions"],
)
def test_a_bomb_is_a_problem_and_no_explosion(bomb: str, folder: Path) -> None:
    (folder / "routing.yaml").write_text(bomb)
    assert any(one.file == "routing.yaml" for one in problems(folder))


def test_a_folder_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    assert "There is no city folder" in problems(tmp_path / "atlantis")[0].sentence


def recording(path: Path, seconds: float = 1.0, width: int = 2) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(8000)
        file.writeframes(bytes(int(8000 * seconds) * width))


INDEX = "recordings:\n  - {{file: {file}, language: vi, {what}}}\n"


@pytest.mark.parametrize(
    ("file", "what", "says"),
    [
        ("none.wav", "phrase: missed", "There is no file “none.wav”"),
        ("../city.yaml", "phrase: missed", "There is no file"),
        ("text.wav", "phrase: missed", "This is no WAV file"),
        ("short.wav", "phrase: missed", "The recording is empty"),
        ("narrow.wav", "phrase: missed", "16 bits"),
        ("good.wav", "phrase: hullo", "no phrase of the name “hullo”"),
        ("good.wav", "text: Ai nói câu này?", "The voice never says these words"),
        ("good.wav", "text: A, phrase: missed", "and not both"),
    ],
)
def test_a_wrong_recording_is_named(file: str, what: str, says: str, folder: Path) -> None:
    recording(folder / "prompts" / "good.wav")
    recording(folder / "prompts" / "short.wav", seconds=0.05)
    recording(folder / "prompts" / "narrow.wav", width=1)
    (folder / "prompts" / "text.wav").write_text("not a sound")
    (folder / "prompts" / "index.yaml").write_text(INDEX.format(file=file, what=what))
    told = [one for one in problems(folder) if one.file == "prompts/index.yaml"]
    assert any(says in one.sentence and one.line == 2 for one in told), told


def test_digits_can_be_recorded(folder: Path) -> None:
    recording(folder / "prompts" / "0.wav")
    (folder / "prompts" / "index.yaml").write_text(INDEX.format(file="0.wav", what="text: không"))
    assert problems(folder) == ()


def test_a_right_recording_is_taken(folder: Path) -> None:
    recording(folder / "prompts" / "good.wav")
    text = "Ông/bà gọi cho bản thân và gia đình mình, bấm phím 1. Gọi giúp người khác, bấm phím 2."
    (folder / "prompts" / "index.yaml").write_text(
        INDEX.format(file="good.wav", what=f'text: "{text}"')
    )
    assert problems(folder) == ()
