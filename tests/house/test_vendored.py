"""What others wrote stands here unchanged: its hash is the one that its README names."""

import hashlib
import re
from pathlib import Path

VENDORED = Path(__file__).parents[2] / "hotline/edges/screens/shared/static/shared/vendor"


def test_vendored_scripts_are_those_that_their_readme_names() -> None:
    folders = [folder for folder in VENDORED.iterdir() if folder.is_dir()]
    assert len(folders) >= 2
    for folder in folders:
        named = {
            name: digest
            for digest, name in re.findall(
                r"sha256\s+([0-9a-f]{64})\s+(\S+)", (folder / "README.md").read_text()
            )
        }
        scripts = {file.name for file in folder.glob("*.min.js")}
        assert scripts == set(named), folder.name
        assert scripts, folder.name
        for name, digest in named.items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
        assert (folder / "LICENSE").stat().st_size > 200, folder.name


def test_lock_files_of_bundles_name_no_registry() -> None:
    locks = [*VENDORED.rglob("package-lock.json")]
    assert locks
    for lock in locks:
        text = lock.read_text()
        assert "resolved" not in text
        assert "://registry" not in text
        assert text.count('"integrity"') >= 5
