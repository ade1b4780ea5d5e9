"""A city's folder on disk: its files read with line numbers, its digest."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from hotline.domain.city.yaml_tree import Lines, YamlMistake, parse

NEEDED = (
    "city.yaml",
    "branches.yaml",
    "categories.yaml",
    "agencies.yaml",
    "routing.yaml",
    "promises.yaml",
    "calendar.yaml",
)
RECORDINGS = "prompts/index.yaml"
LARGEST = 512 * 1024
MOST_SCRIPTS = 100


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in a city's folder. ``line`` counts from 1; 0: the file as a whole."""

    file: str
    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class File:
    """One YAML file. ``name`` is relative to the folder, with ``/``."""

    name: str
    data: Any
    lines: Lines

    def line(self, path: tuple[str | int, ...]) -> int:
        """The line of a value, or of the nearest thing around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(slots=True)
class Folder:
    """What could be read of a city's folder."""

    path: Path
    files: dict[str, File] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.name

    def complain(self, file: str, path: tuple[str | int, ...], sentence: str) -> None:
        known = self.files.get(file)
        self.problems.append(Problem(file, known.line(path) if known else 0, sentence))

    def content(self) -> Mapping[str, Any]:
        """The folder as JSON-able data, by file."""
        return {name: file.data for name, file in sorted(self.files.items())}


def read_folder(path: Path) -> Folder:
    """Never raises for what stands in the files; mistakes become problems."""
    folder = Folder(path)
    if not path.is_dir():
        folder.problems.append(
            Problem("", 0, _("There is no city folder “%(name)s”.") % {"name": path.name})
        )
        return folder
    for name in NEEDED:
        if (path / name).is_file():
            _read(folder, name)
        else:
            folder.problems.append(Problem(name, 0, _("This file is missing.")))
    scripts = sorted(file.name for file in path.glob("scripts/*.yaml"))
    if not scripts:
        folder.problems.append(Problem("scripts", 0, _("There is no script in this folder.")))
    if len(scripts) > MOST_SCRIPTS:
        folder.problems.append(Problem("scripts", 0, _("There are too many scripts.")))
    for script in scripts[:MOST_SCRIPTS]:
        _read(folder, f"scripts/{script}")
    if (path / RECORDINGS).is_file():
        _read(folder, RECORDINGS)
    _complain_of_strangers(folder)
    return folder


def _read(folder: Folder, name: str) -> None:
    try:
        raw = (folder.path / name).read_bytes()
    except OSError:
        folder.problems.append(Problem(name, 0, _("This file cannot be opened.")))
        return
    if len(raw) > LARGEST:
        folder.problems.append(Problem(name, 0, _("This file is larger than 512 KB.")))
        return
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        folder.problems.append(Problem(name, line, _("Save this file as UTF-8.")))
        return
    try:
        tree = parse(text)
    except YamlMistake as mistake:
        folder.problems.append(Problem(name, mistake.line, mistake.sentence))
        return
    folder.problems.extend(Problem(name, twice.line, twice.sentence) for twice in tree.twice)
    if not isinstance(tree.data, dict):
        folder.problems.append(
            Problem(name, 1, _("This file must hold names with values, like “key: value”."))
        )
        return
    folder.files[name] = File(name, tree.data, tree.lines)


def _complain_of_strangers(folder: Folder) -> None:
    """A file that nothing reads is mostly a slip of the pen (``scripts/a.yml``)."""
    for file in folder.path.rglob("*"):
        name = file.relative_to(folder.path).as_posix()
        if file.suffix not in {".yaml", ".yml"} or name.startswith("knowledge/"):
            continue
        read = name in NEEDED or name == RECORDINGS
        if not read and not (name.startswith("scripts/") and name.count("/") == 1):
            folder.problems.append(Problem(name, 0, _("Nothing reads a file of this name.")))
        elif file.suffix == ".yml":
            folder.problems.append(Problem(name, 0, _("The name of this file must end in .yaml.")))


def _files(path: Path) -> list[Path]:
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )


def signature(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the files: cheap to compare every second."""
    found = []
    for file in _files(path):
        try:
            status = file.stat()
        except FileNotFoundError:  # an editor replaced it while we looked
            continue
        found.append((file.relative_to(path).as_posix(), status.st_size, status.st_mtime_ns))
    return tuple(found)


def digest(path: Path) -> str:
    """SHA-256 (hex) over the names and bytes of what the city says; notes (``*.md``) and
    hidden files do not count."""
    total = hashlib.sha256()
    for file in _files(path):
        if file.suffix == ".md":
            continue
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(path).as_posix()}\0{content}\n".encode())
    return total.hexdigest()
