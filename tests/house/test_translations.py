"""What people see exists in Vietnamese, whole: no message is missing, none is fuzzy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue as ``makemessages`` finds it in today's code, in a copy of the tree."""
    if shutil.which("xgettext") is None:
        pytest.fail("gettext is missing: ./1022 test installs it")
    copy = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "hotline", copy / "hotline", ignore=shutil.ignore_patterns("*.mo"))
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "vi", "--no-obsolete", "-v", "0"],
        cwd=copy / "hotline",
        # Without settings it looks at the folder alone; those of the tests are not in the copy.
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        check=True,
        capture_output=True,
    )
    return copy / "hotline" / "locale" / "vi" / "LC_MESSAGES" / "django.po"


def test_every_sentence_is_translated_and_none_is_guessed(collected: Path) -> None:
    with collected.open("rb") as file:
        catalogue = read_po(file, locale="vi")
    wanting = [
        str(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not all(part for part in _strings(message.string)))
    ]
    assert not wanting, f"{len(wanting)} without a translation: {wanting[:20]}"


def test_placeholders_survive_translation(collected: Path) -> None:
    with collected.open("rb") as file:
        catalogue = read_po(file, locale="vi")
    broken = [str(message.id) for message in catalogue for _ in message.check()]
    assert not broken


def _strings(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, tuple | list) else [str(value or "")]
