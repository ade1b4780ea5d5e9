"""``./1022 down``: stop everything; with --erase, remove what it kept."""

import shutil
from pathlib import Path

from launcher import postgres, supervision
from launcher.asterisk_config import Node
from launcher.errors import NotPossibleError
from launcher.progress import say, step
from launcher.state import State


def down(where: State) -> None:
    """Stop all that ``up`` started, also after the supervisor was killed; data stays."""
    if not where.supervisor.exists():
        say("Nothing is running.")
        return
    with step("stopping"):
        stopped = supervision.stop(where)
    say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def erase(where: State) -> None:
    """Remove the state: cases, recordings, keys. ``settings.env``, written by a person, stays."""
    if not where.folder.exists():
        return
    if not where.recognised():
        raise NotPossibleError(f"{where.folder} was not made by ./1022 up; it is not touched")
    with step(f"erasing {where.folder}"):
        node = Node(folder=where.asterisk, prompts=where.prompts, port_base=0, ari_password="")
        for home in (*postgres.home_of(where.folder), node.run):
            _remove(home)
        for entry in where.folder.iterdir():
            if entry != where.settings_file:
                _remove(entry)
        if not any(where.folder.iterdir()):
            where.folder.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
