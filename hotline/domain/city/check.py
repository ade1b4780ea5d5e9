"""Checks a city's folder whole: every mistake with its file, line and a sentence.

First each file against its shape (``schema``), then what the files say about each other.
A file that is broken does not hide the mistakes of the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hotline.domain.city import (
    check_agencies,
    check_lines,
    check_menu,
    check_recordings,
    check_routing,
    check_scripts,
    check_words,
)
from hotline.domain.city.folder import Folder, Problem, read_folder
from hotline.domain.city.model import PlacesPlan
from hotline.domain.city.schema import SHAPES, ScriptFile
from hotline.domain.city.sentences import complain_of_shape
from hotline.domain.city.shapes import KnownPlaces, Shapes

ATTRIBUTES = {
    "city.yaml": "city",
    "branches.yaml": "branches",
    "categories.yaml": "categories",
    "agencies.yaml": "agencies",
    "routing.yaml": "routing",
    "promises.yaml": "promises",
    "calendar.yaml": "calendar",
    "prompts/index.yaml": "recordings",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """``content`` may be published if there is no problem."""

    content: Mapping[str, Any]
    problems: tuple[Problem, ...]


def check_folder(path: Path, *, places_of: Callable[[PlacesPlan], KnownPlaces]) -> Checked:
    """``places_of`` gives the places that a plan loads; it is asked once, if the plan can be
    read. Never raises for what stands in the files."""
    folder = read_folder(path)
    shapes = _shapes(folder)
    places = places_of(shapes.city.places) if shapes.city is not None else None
    check_words.check(shapes)
    check_menu.check(shapes)
    check_lines.check(shapes)
    check_scripts.check(shapes)
    check_agencies.check(shapes, places)
    check_routing.check(shapes, places)
    check_recordings.check(shapes)
    return Checked(content=folder.content(), problems=tuple(sorted(set(folder.problems))))


def _shapes(folder: Folder) -> Shapes:
    shapes = Shapes(folder)
    for name, shape in SHAPES.items():
        file = folder.files.get(name)
        if file is None:
            continue
        try:
            setattr(shapes, ATTRIBUTES[name], shape.model_validate(file.data))
        except ValidationError as error:
            complain_of_shape(folder, file, error.errors(include_url=False, include_input=False))
    for name, file in folder.files.items():
        if not name.startswith("scripts/"):
            continue
        try:
            shapes.scripts[name] = ScriptFile.model_validate({"script": file.data}).script
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
            complain_of_shape(folder, file, errors, skip=1)
    broken = any(problem.file.startswith("scripts") for problem in folder.problems)
    shapes.all_scripts_read = not broken
    return shapes
