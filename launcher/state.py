"""The state folder: where everything of one installation stands, and its secrets."""

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LauncherError, NotPossibleError

CHECKOUT = Path(__file__).parent.parent


@dataclass(frozen=True)
class State:
    """The folder (``.run`` of the checkout, or HOTLINE_STATE) and what stands where in it."""

    folder: Path

    @property
    def settings_file(self) -> Path:
        """Settings that last, written by the person."""
        return self.folder / "settings.env"

    @property
    def venv(self) -> Path:
        """The processes' Python."""
        return self.folder / "venv"

    @property
    def secrets_file(self) -> Path:
        """Keys and passwords, 0600; whoever loses it loses the sealed data."""
        return self.folder / "secrets.json"

    @property
    def demo_accounts_file(self) -> Path:
        """Accounts of a demonstration with their passwords, 0600."""
        return self.folder / "demo-accounts.json"

    @property
    def last_file(self) -> Path:
        """The settings of the latest ``up``, for status, down, manage and call."""
        return self.folder / "last.json"

    @property
    def log(self) -> Path:
        """One log a part, shortened by the supervisor."""
        return self.folder / "log"

    @property
    def prompts(self) -> Path:
        """Rendered prompts."""
        return self.folder / "prompts"

    @property
    def media(self) -> Path:
        """Sealed recordings and photos, 0700."""
        return self.folder / "media"

    @property
    def asterisk(self) -> Path:
        """Asterisk's node."""
        return self.folder / "asterisk"

    @property
    def supervisor(self) -> Path:
        """The supervisor's plan, its children and its pid, 0700."""
        return self.folder / "supervisor"

    @property
    def mark(self) -> str:
        """What stands in the environment of every process of this state."""
        return f"HOTLINE_STATE={self.folder}"

    def create(self) -> None:
        """Make the folder; others may pass through it (PostgreSQL's user), not look into it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        self.log.mkdir(exist_ok=True)
        for private in (self.media, self.prompts, self.supervisor, self.log):
            private.mkdir(exist_ok=True)
            private.chmod(0o700)
        if self.settings_file.exists():
            self.settings_file.chmod(0o600)  # it may hold a database's password

    def recognised(self) -> bool:
        """Whether the launcher made this folder (so that --erase never hits a stranger's)."""
        return self.secrets_file.exists() or self.supervisor.exists() or self.venv.exists()

    def last(self) -> dict[str, str] | None:
        """Settings that the latest ``up`` was given, by name (none: it was a plain ``up``);
        None before the first."""
        if not self.last_file.exists():
            return None
        values: dict[str, str] = json.loads(self.last_file.read_text())
        return values


def locate(environ: Mapping[str, str]) -> State:
    """HOTLINE_STATE or ``.run`` of the checkout."""
    named = environ.get("HOTLINE_STATE")
    return State(Path(named).expanduser().resolve() if named else CHECKOUT / ".run")


def write_private(path: Path, text: str) -> None:
    """Replace a file in one move, readable by nobody else."""
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


def ensure_secrets(state: State) -> dict[str, str]:
    """The secrets by name; what is missing is generated once, what is there never changes.

    Raises NotPossibleError when the file cannot be read: new keys would make all sealed
    data unreadable.
    """
    kept = read_secrets(state)
    made = {name: make() for name, make in _MAKERS.items() if name not in kept}
    if made:
        kept |= made
        write_private(state.secrets_file, json.dumps(kept, indent=1) + "\n")
    return kept


def read_secrets(state: State) -> dict[str, str]:
    """The secrets that are there. Raises NotPossibleError when the file is damaged."""
    if not state.secrets_file.exists():
        return {}
    try:
        kept = json.loads(state.secrets_file.read_text())
        return {str(name): str(value) for name, value in kept.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise NotPossibleError(
            f"{state.secrets_file} cannot be read ({error}). Put it back from a copy: "
            "without it the sealed data cannot be opened."
        ) from error


def need_prepared(state: State) -> None:
    """Raises LauncherError before the first ``up``."""
    if state.last() is None or not state.venv.exists():
        raise LauncherError(f"Nothing is prepared in {state.folder}: run ./1022 up first")


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    return secrets.token_urlsafe(24)


_MAKERS: Mapping[str, Callable[[], str]] = {
    "django_secret_key": lambda: secrets.token_urlsafe(48),
    "master_key": _key,
    "index_key": _key,
    "ari_password": _password,
    "postgres_superuser_password": _password,
    "postgres_password": _password,
}
