"""Rules of the house that no linter knows."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def python_files(*folders: str) -> list[Path]:
    return [file for folder in folders for file in (ROOT / folder).rglob("*.py")]


def city_words() -> set[str]:
    """Names of the shipped cities and codes of their agencies, read from the cities' own data."""
    import yaml

    words = set()
    for folder in (ROOT / "cities").iterdir():
        if not (folder / "agencies.yaml").exists():
            continue
        words.add(folder.name)
        words |= {part for part in re.split(r"\W|\d", folder.name) if len(part) > 3}
        content = json.dumps(yaml.safe_load((folder / "agencies.yaml").read_text("utf8")))
        words |= set(re.findall(r'"code": "([^"]{4,})"', content))
    return words


def test_no_city_and_no_agency_is_named_in_the_code() -> None:
    words = city_words()
    assert len(words) > 20
    found = [
        (file.relative_to(ROOT).as_posix(), word)
        for file in python_files("hotline")
        for word in words
        if re.search(rf"\b{re.escape(word)}\b", file.read_text("utf8"), re.IGNORECASE)
    ]
    assert not found


def test_modules_stay_readable() -> None:
    long = {
        file.relative_to(ROOT).as_posix(): count
        for file in python_files("hotline", "launcher", "bench")
        if "migrations" not in file.parts
        and (count := len(file.read_text("utf8").splitlines())) > 300
    }
    assert not long


def test_lock_files_name_no_registry_and_every_line_has_a_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9][a-z0-9._-]*==[^\n]*\n(?:    --hash[^\n]*\n?)+", text, re.M)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.M))


def test_relative_links_in_the_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        (document.name, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf8"))
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert not broken
